/** The registry's own state, for operators and their tools. */
@NullMarked
package dev.lepton.registry.actuator;

import org.jspecify.annotations.NullMarked;
