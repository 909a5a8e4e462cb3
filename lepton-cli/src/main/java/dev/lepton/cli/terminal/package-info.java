/** What a person or a script reads: lines, tables, progress. */
@NullMarked
package dev.lepton.cli.terminal;

import org.jspecify.annotations.NullMarked;
