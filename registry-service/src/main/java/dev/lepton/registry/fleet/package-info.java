/**
 * The fleet in memory, as it follows the change log; what beats, reads and watches are answered
 * from.
 */
@NullMarked
package dev.lepton.registry.fleet;

import org.jspecify.annotations.NullMarked;
