package dev.lepton.cli.drill;

import dev.lepton.client.incident.DrillFault;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.UnitId;
import org.jspecify.annotations.Nullable;

/**
 * What an operator wants to be drilled.
 *
 * @param unit null for one after the other of the service's
 * @param go whether it is to be done; otherwise it is only told
 * @param rounds how many, one after the other
 * @param probe the path at the gateway that is asked meanwhile, null for none
 */
public record DrillOptions(
        ServiceName service,
        @Nullable UnitId unit,
        DrillFault fault,
        boolean go,
        int rounds,
        @Nullable String probe) {}
