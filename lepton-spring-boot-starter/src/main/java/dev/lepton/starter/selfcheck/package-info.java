/** The unit's request to itself, through its own connector and request threads. */
@NullMarked
package dev.lepton.starter.selfcheck;

import org.jspecify.annotations.NullMarked;
