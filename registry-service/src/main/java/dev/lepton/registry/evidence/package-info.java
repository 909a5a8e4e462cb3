/**
 * What others than the unit have seen of it: kept until it is told of no more, judged elsewhere.
 */
@NullMarked
package dev.lepton.registry.evidence;

import org.jspecify.annotations.NullMarked;
