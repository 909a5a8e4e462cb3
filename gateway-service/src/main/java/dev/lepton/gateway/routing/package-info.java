/** The immutable table of which units can take a request, swapped as the fleet changes. */
@NullMarked
package dev.lepton.gateway.routing;

import org.jspecify.annotations.NullMarked;
