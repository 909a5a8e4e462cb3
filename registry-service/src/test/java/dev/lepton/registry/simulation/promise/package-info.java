/** The promises of the design, each as one small class that watches what happens. */
@NullMarked
package dev.lepton.registry.simulation.promise;

import org.jspecify.annotations.NullMarked;
