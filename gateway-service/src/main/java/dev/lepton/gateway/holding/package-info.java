/** Requests that wait while no unit of their service takes any and one is coming back. */
@NullMarked
package dev.lepton.gateway.holding;

import org.jspecify.annotations.NullMarked;
