/** What goes wrong, when and for how long, drawn from the seed. */
@NullMarked
package dev.lepton.registry.simulation.fault;

import org.jspecify.annotations.NullMarked;
