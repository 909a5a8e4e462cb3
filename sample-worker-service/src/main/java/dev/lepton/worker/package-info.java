/** A sample unit: answers requests, and fails when it is asked to. */
@NullMarked
package dev.lepton.worker;

import org.jspecify.annotations.NullMarked;
