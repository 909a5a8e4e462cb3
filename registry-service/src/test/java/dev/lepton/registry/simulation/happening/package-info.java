/** What can be seen of the simulated world from outside. */
@NullMarked
package dev.lepton.registry.simulation.happening;

import org.jspecify.annotations.NullMarked;
