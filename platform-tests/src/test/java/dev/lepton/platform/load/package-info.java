/** Open-loop load: requests that are due at fixed times, whatever became of those before them. */
@NullMarked
package dev.lepton.platform.load;

import org.jspecify.annotations.NullMarked;
