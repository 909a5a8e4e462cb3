package dev.lepton.registry.lease;

import dev.lepton.client.evidence.EvidenceKind;
import dev.lepton.client.unit.UnitAddress;
import dev.lepton.registry.evidence.Observation;
import dev.lepton.registry.fleet.FleetView;
import dev.lepton.registry.time.NanoClock;
import dev.lepton.registry.time.PeriodicLoop;
import dev.lepton.registry.unit.UnitRow;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The leader's own look at the units that the cap on silence holds back, so that there is always
 * one observer of them. Each address is asked by itself, one question at a time: whoever is slow to
 * be found holds up nobody else. A look that came so late that this process may have been starved
 * says nothing.
 */
final class HeldProbes {

    static final Duration INTERVAL = Duration.ofSeconds(1);
    static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final String OBSERVER = "the registry";

    private final FleetView fleet;
    private final BooleanSupplier leads;
    private final Reach reach;
    private final Executor asking;
    private final NanoClock clock;
    private final Map<UnitAddress, HeldProbe> probes = new HashMap<>();
    private volatile List<Observation> failures = List.of();
    private @Nullable Long lastLook;
    private long looks;

    /**
     * @param asking runs each question on a thread of its own
     */
    HeldProbes(
            FleetView fleet, BooleanSupplier leads, Reach reach, Executor asking, NanoClock clock) {
        this.fleet = fleet;
        this.leads = leads;
        this.reach = reach;
        this.asking = asking;
        this.clock = clock;
    }

    /** Those that were not reached when last asked. */
    List<Observation> failures() {
        return failures;
    }

    /** Takes in what the questions of earlier looks have found, asks anew, and waits for nobody. */
    void look() {
        long now = clock.nanos();
        boolean late =
                lastLook == null || now - lastLook > INTERVAL.plus(PeriodicLoop.LATE).toNanos();
        lastLook = now;
        boolean leading = leads.getAsBoolean();
        if (late || !leading) {
            doubt(now);
        }
        if (leading) {
            look(fleet.units().stream().filter(Preserving::holds).toList(), now);
        }
    }

    private void doubt(long now) {
        failures = List.of();
        probes.values().removeIf(HeldProbe::answered);
        probes.values().forEach(probe -> probe.startAfresh(now));
    }

    private void look(List<UnitRow> held, long now) {
        looks++;
        failures = held.stream().map(unit -> word(unit, now)).filter(Objects::nonNull).toList();
        Set<UnitAddress> addresses =
                held.stream().map(UnitRow::address).collect(Collectors.toSet());
        probes.keySet().retainAll(addresses);
        probes.values().removeIf(HeldProbe::answered);
        addresses.stream().filter(address -> !probes.containsKey(address)).forEach(this::ask);
    }

    private void ask(UnitAddress address) {
        HeldProbe probe = new HeldProbe(address, reach, clock);
        probes.put(address, probe);
        asking.execute(probe);
    }

    /** While there is no answer, what was said before goes on being said, and grows old. */
    private @Nullable Observation word(UnitRow unit, long now) {
        HeldProbe probe = probes.get(unit.address());
        return switch (probe == null ? HeldProbe.Word.NOTHING : probe.word(now)) {
            case REACHED -> null;
            case NOT_REACHED -> failure(unit);
            case NOTHING -> earlier(unit);
        };
    }

    private @Nullable Observation earlier(UnitRow unit) {
        return failures.stream()
                .filter(f -> f.unit().equals(unit.id()) && f.start().equals(unit.startId()))
                .findFirst()
                .orElse(null);
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
