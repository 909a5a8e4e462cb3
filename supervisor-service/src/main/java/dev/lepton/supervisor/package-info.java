/** Runs the units of one node. */
@NullMarked
package dev.lepton.supervisor;

import org.jspecify.annotations.NullMarked;
