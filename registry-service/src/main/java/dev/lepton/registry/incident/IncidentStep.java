package dev.lepton.registry.incident;

import java.time.Instant;

/**
 * A change of the log that concerns an incident.
 *
 * @param event in the words of the change log
 */
record IncidentStep(Instant at, String event, String reason) {}
