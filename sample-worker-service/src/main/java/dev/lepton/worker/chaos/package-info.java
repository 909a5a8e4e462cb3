/** Failures on demand, by which a platform's recovery is tried out. */
@NullMarked
package dev.lepton.worker.chaos;

import org.jspecify.annotations.NullMarked;
