/** Moves of one unit: decided by the lifecycle, stored by the change log, then answered. */
@NullMarked
package dev.lepton.registry.move;

import org.jspecify.annotations.NullMarked;
