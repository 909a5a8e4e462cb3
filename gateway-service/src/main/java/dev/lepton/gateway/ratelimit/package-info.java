/**
 * How many requests a client may send, counted here or, through Redis, by all gateways together.
 */
@NullMarked
package dev.lepton.gateway.ratelimit;

import org.jspecify.annotations.NullMarked;
