/** The gateway and what it is compared with, each with three units behind the service measured. */
@NullMarked
package dev.lepton.benchmarks.peer;

import org.jspecify.annotations.NullMarked;
