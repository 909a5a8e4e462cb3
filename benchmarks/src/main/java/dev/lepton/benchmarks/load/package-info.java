/** Clients: one that asks as fast as it is answered, and one that asks at a fixed rate. */
@NullMarked
package dev.lepton.benchmarks.load;

import org.jspecify.annotations.NullMarked;
