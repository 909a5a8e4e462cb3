/** Follows the registry and keeps the routing table current, with or without it. */
@NullMarked
package dev.lepton.gateway.fleet;

import org.jspecify.annotations.NullMarked;
