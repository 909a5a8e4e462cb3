/** What a request costs through Lepton's gateway, side by side with others. */
@NullMarked
package dev.lepton.benchmarks.gateway;

import org.jspecify.annotations.NullMarked;
