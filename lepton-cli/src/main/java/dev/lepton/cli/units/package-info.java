/** Showing units and telling them what to do. */
@NullMarked
package dev.lepton.cli.units;

import org.jspecify.annotations.NullMarked;
