/** Sends requests to live units. */
@NullMarked
package dev.lepton.gateway;

import org.jspecify.annotations.NullMarked;
