/** A drill as an operator sees it: what would be struck, and how it was recovered. */
@NullMarked
package dev.lepton.cli.drill;

import org.jspecify.annotations.NullMarked;
