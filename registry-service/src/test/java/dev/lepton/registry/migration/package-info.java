/** The rule that migrations take nothing away from the version before. */
@NullMarked
package dev.lepton.registry.migration;

import org.jspecify.annotations.NullMarked;
