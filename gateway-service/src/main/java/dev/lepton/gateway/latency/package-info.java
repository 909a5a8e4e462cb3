/** How long the requests of each service took lately. */
@NullMarked
package dev.lepton.gateway.latency;

import org.jspecify.annotations.NullMarked;
