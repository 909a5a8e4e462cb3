/** A gateway as the documentation of Spring Cloud Gateway makes one. */
@NullMarked
package dev.lepton.benchmarks.stock;

import org.jspecify.annotations.NullMarked;
