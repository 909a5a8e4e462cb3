/** What others than the unit itself have seen of it, and how sure that is. */
@NullMarked
package dev.lepton.client.evidence;

import org.jspecify.annotations.NullMarked;
