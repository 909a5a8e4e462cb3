/** What the failure of one unit of three costs, side by side with others. */
@NullMarked
package dev.lepton.benchmarks.faults;

import org.jspecify.annotations.NullMarked;
