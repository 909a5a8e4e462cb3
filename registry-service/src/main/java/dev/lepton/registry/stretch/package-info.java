/** How often units beat, and how long their leases are, as the fleet grows. */
@NullMarked
package dev.lepton.registry.stretch;

import org.jspecify.annotations.NullMarked;
