/** How many requests may wait for a service at a time, so that more than it can do is refused. */
@NullMarked
package dev.lepton.gateway.overload;

import org.jspecify.annotations.NullMarked;
