/** What operators see of the unit, and what the unit says about its health. */
@NullMarked
package dev.lepton.starter.actuate;

import org.jspecify.annotations.NullMarked;
