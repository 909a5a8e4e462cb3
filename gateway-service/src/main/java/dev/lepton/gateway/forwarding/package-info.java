/** Sends a request to a unit, and to another one when that is safe. */
@NullMarked
package dev.lepton.gateway.forwarding;

import org.jspecify.annotations.NullMarked;
