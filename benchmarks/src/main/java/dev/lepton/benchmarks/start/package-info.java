/** How long starts take, and what the services need. */
@NullMarked
package dev.lepton.benchmarks.start;

import org.jspecify.annotations.NullMarked;
