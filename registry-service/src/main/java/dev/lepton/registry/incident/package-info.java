/** Failures of units from their beginning to the first request that the unit takes again. */
@NullMarked
package dev.lepton.registry.incident;

import org.jspecify.annotations.NullMarked;
