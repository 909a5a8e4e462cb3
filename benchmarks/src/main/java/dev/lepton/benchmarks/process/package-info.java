/** Processes that a benchmark starts and ends, and what they use. */
@NullMarked
package dev.lepton.benchmarks.process;

import org.jspecify.annotations.NullMarked;
