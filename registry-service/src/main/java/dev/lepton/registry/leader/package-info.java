/** Who carries out the duties of which there is one: the leader row and its epochs. */
@NullMarked
package dev.lepton.registry.leader;

import org.jspecify.annotations.NullMarked;
