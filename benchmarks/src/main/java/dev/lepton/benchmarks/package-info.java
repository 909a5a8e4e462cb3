/**
 * Benchmarks of the platform as a whole, each a table that is checked in under {@code
 * benchmarks/results}.
 */
@NullMarked
package dev.lepton.benchmarks;

import org.jspecify.annotations.NullMarked;
