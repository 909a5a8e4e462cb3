package dev.lepton.cli.supervisor;

import dev.lepton.client.incident.DrillFault;

/**
 * What is asked of a supervisor for a drill.
 *
 * @param go whether it is to be done, not only told
 */
public record DrillOrder(DrillFault fault, String startId, String decidedBy, boolean go) {}
