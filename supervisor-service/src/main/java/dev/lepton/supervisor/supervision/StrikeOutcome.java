package dev.lepton.supervisor.supervision;

import dev.lepton.client.incident.Drill;

/** What has come of a drill's wish to make a unit fail. */
public sealed interface StrikeOutcome {

    /** The process was struck; what follows is the ordinary recovery. */
    record Struck(Drill drill) implements StrikeOutcome {}

    /** Nothing was done. */
    record Refused(String reason) implements StrikeOutcome {}
}
