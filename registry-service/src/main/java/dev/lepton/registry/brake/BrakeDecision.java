package dev.lepton.registry.brake;

import dev.lepton.client.recovery.PermitRequest;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.brake.BrakeState.OpenPermit;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Whether one more live process may be ended: at most so many units of a service are recovered at
 * once as its policy says, else the request, else half of its units, and one in any case.
 */
sealed interface BrakeDecision {

    /** The permit is new: to be stored. */
    record Grant(String reason) implements BrakeDecision {}

    /** The very start has an open permit. */
    record Held(String reason) implements BrakeDecision {}

    /** Too many others are being recovered. */
    record Refuse(String reason) implements BrakeDecision {}

    static BrakeDecision decide(UnitId unit, PermitRequest request, BrakeState state) {
        if (state.open().contains(new OpenPermit(unit, request.startId()))) {
            return new Held("the permit for start %s is open".formatted(request.startId()));
        }
        List<UnitId> others =
                state.open().stream().map(OpenPermit::unit).filter(u -> !u.equals(unit)).toList();
        int limit = limit(request, state);
        String rule = "the limit of service '%s' is %d".formatted(request.service(), limit);
        return others.size() < limit
                ? new Grant("%d others are being recovered, %s".formatted(others.size(), rule))
                : new Refuse("%s being recovered, %s".formatted(named(others), rule));
    }

    /** Whether a live process may be made to fail: not while anything else of its service fails. */
    static BrakeDecision ofDrill(UnitId unit, BrakeState state, DrillSight sight) {
        String objection = sight.objection(unit, state.open());
        return objection == null
                ? new Grant("a drill; every unit of the service is up")
                : new Refuse(objection);
    }

    private static int limit(PermitRequest request, BrakeState state) {
        if (state.policyLimit() != null) {
            return state.policyLimit();
        }
        return Objects.requireNonNullElse(request.maxUnavailable(), Math.max(1, state.units() / 2));
    }

    /** At most five of them: a reason is a sentence. */
    private static String named(List<UnitId> units) {
        String first =
                units.stream().limit(5).map(u -> "'" + u + "'").collect(Collectors.joining(", "));
        if (units.size() > 5) {
            return "%s and %d more are".formatted(first, units.size() - 5);
        }
        return units.size() == 1 ? first + " is" : first + " are";
    }
}
