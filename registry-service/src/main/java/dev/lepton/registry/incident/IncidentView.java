package dev.lepton.registry.incident;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;

/** All that is known of an incident, as one object. */
record IncidentView(
        @JsonUnwrapped IncidentSummary summary,
        @JsonUnwrapped IncidentDetail report,
        @JsonUnwrapped IncidentDurations durations,
        List<TimelineEntry> timeline) {}
