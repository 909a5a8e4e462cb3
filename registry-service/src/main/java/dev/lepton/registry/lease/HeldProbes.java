package dev.lepton.registry.lease;

import dev.lepton.client.evidence.EvidenceKind;
import dev.lepton.client.unit.UnitAddress;
import dev.lepton.registry.evidence.Observation;
import dev.lepton.registry.fleet.FleetView;
import dev.lepton.registry.leader.Leadership;
import dev.lepton.registry.time.NanoClock;
import dev.lepton.registry.time.PeriodicLoop;
import dev.lepton.registry.unit.UnitRow;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The leader's own look at the units that the cap on silence holds back, so that there is always
 * one observer of them. A look that took so long that this process may have been starved says
 * nothing.
 */
final class HeldProbes {

    static final Duration INTERVAL = Duration.ofSeconds(1);
    static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final String OBSERVER = "the registry";

    private final FleetView fleet;
    private final Leadership leadership;
    private final Reach reach;
    private final NanoClock clock;
    private volatile List<Observation> failures = List.of();
    private long looks;

    HeldProbes(FleetView fleet, Leadership leadership, Reach reach, NanoClock clock) {
        this.fleet = fleet;
        this.leadership = leadership;
        this.reach = reach;
        this.clock = clock;
    }

    /** Those that the last look did not reach. */
    List<Observation> failures() {
        return failures;
    }

    void look() {
        if (leadership.guard() == null) {
            failures = List.of();
            return;
        }
        List<UnitRow> held = fleet.units().stream().filter(Preserving::holds).toList();
        long begun = clock.nanos();
        Map<UnitAddress, Boolean> reached = reached(held);
        if (clock.nanos() - begun > PATIENCE.plus(PeriodicLoop.LATE).toNanos()) {
            return;
        }
        looks++;
        failures =
                held.stream()
                        .filter(unit -> !reached.getOrDefault(unit.address(), true))
                        .map(this::failure)
                        .toList();
    }

    private Map<UnitAddress, Boolean> reached(List<UnitRow> held) {
        Map<UnitAddress, Boolean> reached = new ConcurrentHashMap<>();
        try (ExecutorService probes = Executors.newVirtualThreadPerTaskExecutor()) {
            held.stream()
                    .map(UnitRow::address)
                    .distinct()
                    .forEach(a -> probes.execute(() -> reached.put(a, reach.reaches(a))));
        }
        return reached;
    }

    private Observation failure(UnitRow unit) {
        return new Observation(
                unit.id(),
                OBSERVER,
                EvidenceKind.UNREACHABLE,
                unit.startId(),
                "no answer from %s within %s".formatted(unit.address(), PATIENCE),
                true,
                looks);
    }
}
