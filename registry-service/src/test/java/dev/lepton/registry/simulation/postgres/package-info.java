/** PostgreSQL as the registry needs it: rows, guard, log without gaps, and its own failures. */
@NullMarked
package dev.lepton.registry.simulation.postgres;

import org.jspecify.annotations.NullMarked;
