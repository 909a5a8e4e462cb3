/** Finds the route of a request at a cost that does not grow with the number of routes. */
@NullMarked
package dev.lepton.gateway.lookup;

import org.jspecify.annotations.NullMarked;
