/** Nodes with a supervisor and the processes of units. */
@NullMarked
package dev.lepton.registry.simulation.node;

import org.jspecify.annotations.NullMarked;
