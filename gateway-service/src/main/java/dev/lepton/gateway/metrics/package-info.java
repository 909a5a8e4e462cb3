/** What several parts count in the same way. */
@NullMarked
package dev.lepton.gateway.metrics;

import org.jspecify.annotations.NullMarked;
