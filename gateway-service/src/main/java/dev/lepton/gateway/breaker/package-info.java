/** What one gateway learns by itself about one start of a unit, and when it stops asking it. */
@NullMarked
package dev.lepton.gateway.breaker;

import org.jspecify.annotations.NullMarked;
