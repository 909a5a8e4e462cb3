package dev.lepton.registry.incident;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What somebody has seen or done in an incident.
 *
 * @param at by the clock of whoever it was
 * @param what of the registry, the word of the change log; of a supervisor, the stage
 * @param by whose word and clock it is
 */
record TimelineEntry(Instant at, String what, String by, @Nullable String reason) {

    private static final String REGISTRY = "registry";
    private static final String SUPERVISOR = "supervisor";

    /** By time, as far as several clocks allow. */
    static List<TimelineEntry> timeline(
            IncidentTimes supervisor, IncidentDetail report, List<IncidentStep> steps) {
        List<TimelineEntry> entries = new ArrayList<>();
        add(entries, supervisor.lastWellAt(), "last-well", SUPERVISOR, null);
        add(entries, supervisor.detectedAt(), "detected", SUPERVISOR, report.reason());
        String decidedBy = Objects.requireNonNullElse(report.decidedBy(), SUPERVISOR);
        add(entries, supervisor.decidedAt(), "decided", decidedBy, report.decision());
        add(entries, supervisor.startedAt(), "process-started", SUPERVISOR, null);
        add(entries, supervisor.servedAt(), "served", SUPERVISOR, null);
        steps.forEach(s ->
                add(entries, s.at(), s.event(), s.ofDrill() ? SUPERVISOR : REGISTRY, s.reason()));
        entries.sort(Comparator.comparing(TimelineEntry::at));
        return List.copyOf(entries);
    }

    private static void add(
            List<TimelineEntry> entries,
            @Nullable Instant at,
            String what,
            String by,
            @Nullable String reason) {
        if (at != null) {
            entries.add(new TimelineEntry(at, what, by, reason));
        }
    }
}
