package dev.lepton.registry.evidence;

import dev.lepton.client.evidence.EvidenceKind;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;

/**
 * The last failure to reach a unit that an observer has told of.
 *
 * @param counts whether it is one observer's word against the unit, and not only a reason to probe
 * @param seq grows with each telling of the observer about the unit
 */
public record Observation(
        UnitId unit,
        String observer,
        EvidenceKind kind,
        StartId start,
        String detail,
        boolean counts,
        long seq) {}
