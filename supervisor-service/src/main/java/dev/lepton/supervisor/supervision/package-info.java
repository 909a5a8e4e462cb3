/** Starts, probes, restarts and stops the units of this node, each by its own event loop. */
@NullMarked
package dev.lepton.supervisor.supervision;

import org.jspecify.annotations.NullMarked;
