/** {@code ./lepton up} and its companions, as a person types them. */
@NullMarked
package dev.lepton.platform.up;

import org.jspecify.annotations.NullMarked;
