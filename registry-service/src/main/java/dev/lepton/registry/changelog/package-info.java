/**
 * The change log: written in commit order without gaps, one row for each move, and read by every
 * replica.
 */
@NullMarked
package dev.lepton.registry.changelog;

import org.jspecify.annotations.NullMarked;
