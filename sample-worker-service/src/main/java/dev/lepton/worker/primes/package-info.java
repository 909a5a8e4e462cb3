/** Work that costs processor time. */
@NullMarked
package dev.lepton.worker.primes;

import org.jspecify.annotations.NullMarked;
