package dev.lepton.registry.incident;

import java.util.List;

/**
 * Some of the incidents that were asked for, the newest first.
 *
 * @param total how many there are on all pages
 */
record IncidentPage(List<IncidentSummary> incidents, int page, int size, long total) {}
