package dev.lepton.supervisor.drill;

import dev.lepton.client.incident.DrillFault;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;

/**
 * What is wanted of a drill.
 *
 * @param start the one that whoever asks has seen
 * @param decidedBy who wants it
 * @param go whether it is to be done, not only told
 */
public record DrillWish(
        UnitId unit, DrillFault fault, StartId start, String decidedBy, boolean go) {}
