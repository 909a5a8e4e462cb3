/** What supervisors report that they do about units that failed. */
@NullMarked
package dev.lepton.registry.recovery;

import org.jspecify.annotations.NullMarked;
