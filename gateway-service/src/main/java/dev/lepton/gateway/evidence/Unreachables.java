package dev.lepton.gateway.evidence;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.gateway.breaker.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides of which units the registry is told: those that are left alone and have failed since it
 * was last told, and of each not more often than every {@link #PAUSE}. What did not arrive is told
 * again after {@link #RETRY} while it holds true. Of none when half of the units or more fail,
 * which is this gateway's own fault. Whoever looks late was paused, and what failed meanwhile
 * failed because of that.
 */
final class Unreachables {

    static final Duration PAUSE = Duration.ofSeconds(5);

    /** After a report that did not arrive; a registry that is away must not be stormed. */
    static final Duration RETRY = Duration.ofSeconds(1);

    private final Map<StartId, Long> toldNanos = new HashMap<>();
    private final Map<StartId, Long> untoldNanos = new HashMap<>();
    private @Nullable Long voidUntilNanos;

    /**
     * A unit as this gateway knows it.
     *
     * @param fault what was held against it last, null when nothing was
     */
    record Seen(UnitId unit, StartId start, boolean leftAlone, @Nullable Fault fault) {

        boolean failing() {
            // One that is slow can be reached.
            return leftAlone && fault != null && fault.kind() != Fault.Kind.SLOW;
        }
    }

    /**
     * @param failing how many of {@code known} units fail
     */
    record Report(UnitId unit, StartId start, Fault fault, int failing, int known) {}

    /**
     * @param late whether this look comes later than it was meant to
     */
    List<Report> look(List<Seen> units, boolean late, long nowNanos) {
        if (late) {
            voidUntilNanos = nowNanos;
        }
        Set<StartId> starts = units.stream().map(Seen::start).collect(Collectors.toSet());
        toldNanos.keySet().retainAll(starts);
        untoldNanos.keySet().retainAll(starts);
        List<Seen> failing = units.stream().filter(Seen::failing).toList();
        if (units.size() > 1 && 2 * failing.size() >= units.size()) {
            return List.of();
        }
        List<Report> due = new ArrayList<>();
        for (Seen unit : failing) {
            Fault fault = Objects.requireNonNull(unit.fault());
            if (isDue(unit.start(), fault, nowNanos)) {
                toldNanos.put(unit.start(), nowNanos);
                untoldNanos.remove(unit.start());
                due.add(new Report(unit.unit(), unit.start(), fault, failing.size(), units.size()));
            }
        }
        return due;
    }

    /** The registry has not heard it. */
    void notTold(Report report, long nowNanos) {
        toldNanos.remove(report.start());
        untoldNanos.put(report.start(), nowNanos);
    }

    private boolean isDue(StartId start, Fault fault, long nowNanos) {
        boolean proves = voidUntilNanos == null || fault.atNanos() - voidUntilNanos > 0;
        return proves && !toldLately(start, fault, nowNanos) && !triedLately(start, nowNanos);
    }

    /** Or of this very failure, however long ago. */
    private boolean toldLately(StartId start, Fault fault, long nowNanos) {
        Long told = toldNanos.get(start);
        return told != null && (nowNanos - told < PAUSE.toNanos() || fault.atNanos() - told <= 0);
    }

    private boolean triedLately(StartId start, long nowNanos) {
        Long untold = untoldNanos.get(start);
        return untold != null && nowNanos - untold < RETRY.toNanos();
    }
}
