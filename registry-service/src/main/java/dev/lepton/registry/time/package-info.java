/** The only place from which the registry takes the time. */
@NullMarked
package dev.lepton.registry.time;

import org.jspecify.annotations.NullMarked;
