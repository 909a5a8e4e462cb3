/** Beats, answered from memory, and the marks that they leave in PostgreSQL. */
@NullMarked
package dev.lepton.registry.heartbeat;

import org.jspecify.annotations.NullMarked;
