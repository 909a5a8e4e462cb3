/** What reaches the gateway from outside: which requests and connections it refuses, and why. */
@NullMarked
package dev.lepton.gateway.edge;

import org.jspecify.annotations.NullMarked;
