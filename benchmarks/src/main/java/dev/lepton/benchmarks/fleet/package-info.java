/** What a registry spends on a fleet whose units all beat, and how that grows with the fleet. */
@NullMarked
package dev.lepton.benchmarks.fleet;

import org.jspecify.annotations.NullMarked;
