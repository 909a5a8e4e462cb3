/** A proxy of reactor-netty alone. */
@NullMarked
package dev.lepton.benchmarks.bare;

import org.jspecify.annotations.NullMarked;
