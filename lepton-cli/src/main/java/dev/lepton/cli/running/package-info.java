/** Bringing the platform up and down. */
@NullMarked
package dev.lepton.cli.running;

import org.jspecify.annotations.NullMarked;
