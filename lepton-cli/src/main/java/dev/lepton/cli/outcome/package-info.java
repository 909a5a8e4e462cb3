/** How a command ends: exit codes, and failures that say what to do. */
@NullMarked
package dev.lepton.cli.outcome;

import org.jspecify.annotations.NullMarked;
