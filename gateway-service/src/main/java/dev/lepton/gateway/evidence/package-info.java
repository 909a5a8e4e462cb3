/** Tells the registry which units this gateway does not reach, so that they are looked at. */
@NullMarked
package dev.lepton.gateway.evidence;

import org.jspecify.annotations.NullMarked;
