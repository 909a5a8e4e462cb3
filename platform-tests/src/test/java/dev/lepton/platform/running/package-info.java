/** The platform as its processes, started, asked and hurt from outside. */
@NullMarked
package dev.lepton.platform.running;

import org.jspecify.annotations.NullMarked;
