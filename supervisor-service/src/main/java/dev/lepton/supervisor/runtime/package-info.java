/**
 * Runs a start of a unit as a process of its own session, finds it again, ends it, keeps its
 * output.
 */
@NullMarked
package dev.lepton.supervisor.runtime;

import org.jspecify.annotations.NullMarked;
