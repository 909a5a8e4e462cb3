/** A Eureka server as its documentation makes one. */
@NullMarked
package dev.lepton.benchmarks.stock;

import org.jspecify.annotations.NullMarked;
