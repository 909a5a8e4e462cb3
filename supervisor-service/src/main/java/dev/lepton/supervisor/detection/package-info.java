/** Tells a unit that hangs from one that is slow. */
@NullMarked
package dev.lepton.supervisor.detection;

import org.jspecify.annotations.NullMarked;
