/** The end of an exclusive unit's process that no registry confirms any more. */
@NullMarked
package dev.lepton.starter.fence;

import org.jspecify.annotations.NullMarked;
