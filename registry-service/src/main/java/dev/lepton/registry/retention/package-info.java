/** How much of the change log is kept, and who deletes the rest. */
@NullMarked
package dev.lepton.registry.retention;

import org.jspecify.annotations.NullMarked;
