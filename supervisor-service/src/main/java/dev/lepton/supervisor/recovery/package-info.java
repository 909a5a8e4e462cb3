/** Decides whether and when a unit that ended is started again: pure, no clock and no I/O. */
@NullMarked
package dev.lepton.supervisor.recovery;

import org.jspecify.annotations.NullMarked;
