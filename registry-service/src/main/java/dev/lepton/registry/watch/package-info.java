/** {@code GET /v1/watch}: the fleet, and each change of it, as server-sent events. */
@NullMarked
package dev.lepton.registry.watch;

import org.jspecify.annotations.NullMarked;
