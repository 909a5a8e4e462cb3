/** What a unit, or a supervisor for its units, says each second, and what the registry answers. */
@NullMarked
package dev.lepton.client.heartbeat;

import org.jspecify.annotations.NullMarked;
