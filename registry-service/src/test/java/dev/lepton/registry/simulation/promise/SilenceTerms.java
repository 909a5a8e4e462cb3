package dev.lepton.registry.simulation.promise;

import dev.lepton.registry.lifecycle.Event;
import java.time.Duration;

/** How long a unit must have been silent before a leader may decide something about it. */
public record SilenceTerms(Duration suspectAfter, Duration lease) {

    /** Whether this is too short a silence for the event; no other event needs one. */
    boolean tooShort(Event event, long silence) {
        return (event == Event.SILENT && silence <= suspectAfter.toNanos())
                || (event == Event.LEASE_EXPIRED && silence <= lease.toNanos());
    }
}
