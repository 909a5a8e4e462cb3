/** The supervisor's REST interface as the command line uses it. */
@NullMarked
package dev.lepton.cli.supervisor;

import org.jspecify.annotations.NullMarked;
