/** The hosts that have a supervisor: their beats, their silence, and where their units move. */
@NullMarked
package dev.lepton.registry.node;

import org.jspecify.annotations.NullMarked;
