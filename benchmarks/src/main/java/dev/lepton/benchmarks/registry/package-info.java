/** How many beats and registrations a registry takes, side by side with a stock Eureka server. */
@NullMarked
package dev.lepton.benchmarks.registry;

import org.jspecify.annotations.NullMarked;
