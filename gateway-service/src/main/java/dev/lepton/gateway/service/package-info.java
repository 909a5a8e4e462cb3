/** What the requests of each service have shown of it. */
@NullMarked
package dev.lepton.gateway.service;

import org.jspecify.annotations.NullMarked;
