/** Detection of silence: leases judged by the observer's own monotonic clock. */
@NullMarked
package dev.lepton.registry.lease;

import org.jspecify.annotations.NullMarked;
