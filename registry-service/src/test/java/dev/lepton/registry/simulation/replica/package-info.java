/** A replica of the registry: its production decisions, driven by virtual time. */
@NullMarked
package dev.lepton.registry.simulation.replica;

import org.jspecify.annotations.NullMarked;
