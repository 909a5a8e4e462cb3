/** The gateway's settings, and the rules that a start refuses to break. */
@NullMarked
package dev.lepton.gateway.settings;

import org.jspecify.annotations.NullMarked;
