/** The operator's command line: its grammar, and what starts it. */
@NullMarked
package dev.lepton.cli;

import org.jspecify.annotations.NullMarked;
