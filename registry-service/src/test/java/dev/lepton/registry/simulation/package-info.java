/** The whole platform in one thread under a virtual clock, with every failure drawn from a seed. */
@NullMarked
package dev.lepton.registry.simulation;

import org.jspecify.annotations.NullMarked;
