package dev.lepton.registry.brake;

import dev.lepton.client.recovery.PermitRequest;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.brake.BrakeState.OpenPermit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The {@link BrakeDecision} as the simulation uses it. */
public final class SimulatedBrake {

    private SimulatedBrake() {}

    /** A permit that is not done with. */
    public record Open(UnitId unit, StartId start) {}

    /** Whether the process may be ended. */
    public static boolean grants(
            UnitId unit,
            PermitRequest request,
            List<Open> open,
            int units,
            @Nullable Integer policyLimit) {
        List<OpenPermit> permits = open.stream().map(p -> new OpenPermit(p.unit, p.start)).toList();
        BrakeState state = new BrakeState(permits, units, policyLimit);
        return switch (BrakeDecision.decide(unit, request, state)) {
            case BrakeDecision.Grant _, BrakeDecision.Held _ -> true;
            case BrakeDecision.Refuse _ -> false;
        };
    }
}
