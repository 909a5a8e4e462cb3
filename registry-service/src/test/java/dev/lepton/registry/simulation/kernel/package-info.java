/** Virtual time, processes that crash and pause, and the network between them. */
@NullMarked
package dev.lepton.registry.simulation.kernel;

import org.jspecify.annotations.NullMarked;
