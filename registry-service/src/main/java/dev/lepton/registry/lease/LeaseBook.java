package dev.lepton.registry.lease;

import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.lease.Marks.UnitMark;
import dev.lepton.registry.lifecycle.Event;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.unit.UnitRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Judges silence: how long, by this observer's monotonic clock, no change of a unit's mark was
 * seen. Wall clocks are never compared, and a look that came too late judges nobody: every lease
 * starts afresh. Not safe for several threads.
 */
final class LeaseBook {

    /**
     * How the reason of a unit begins that the cap holds back. It is read back from the row, so
     * that the clock alone takes nobody after a change of leader either.
     */
    static final String PRESERVING = "preserving: ";

    /** How the reason of a unit begins that silence alone has taken. */
    private static final String SILENCE = "no beat for ";

    private final LeaseTerms terms;
    private final Map<UnitId, Watched> watched = new HashMap<>();
    private final Map<UUID, ReplicaPulse> replicas = new HashMap<>();
    private final Map<ServiceName, SilenceCap> caps = new HashMap<>();
    private @Nullable Long lastTick;

    LeaseBook(LeaseTerms terms) {
        this.terms = terms;
    }

    /** Starts every lease afresh. */
    void refresh(long now) {
        watched.values().forEach(w -> w.refresh(now));
        replicas.values().forEach(r -> r.refresh(now));
    }

    /** Takes in one look at the marks, and decides nothing. */
    void watch(long now, Marks marks, Collection<UnitRow> units) {
        if (paused(now)) {
            refresh(now);
        }
        lastTick = now;
        observeReplicas(marks, now);
        observeUnits(marks, units, now);
        caps.values().removeIf(cap -> cap.idle(now));
    }

    /** Takes in one look at the marks and says what is to be done about whom. */
    List<LeaseDecision> tick(long now, Marks marks, Collection<UnitRow> units) {
        watch(now, marks, units);
        List<LeaseDecision> decisions = new ArrayList<>();
        List<UnitRow> expired = new ArrayList<>();
        for (UnitRow unit : units) {
            Watched w = watched(unit.id());
            switch (unit.phase()) {
                case UP -> suspect(unit, w, now, decisions);
                case SUSPECT -> {
                    if (w.silentFor(terms.lease(), now, replicas) && !w.decidedOn(unit)) {
                        expired.add(unit);
                    }
                }
                case DRAINING -> endDrain(unit, w, now, decisions);
                case STARTING, RECOVERING -> endStart(unit, w, now, decisions);
                case DOWN_SILENT, DOWN_HUNG, DOWN_EXITED, STOPPED ->
                        forget(unit, w, now, decisions);
                case QUARANTINED -> {}
            }
        }
        decisions.addAll(capped(expired, live(units), now));
        return decisions;
    }

    /**
     * Takes back a decision that was not stored, so that it can be taken again.
     *
     * @param surely whether it is known not to be stored; otherwise the cap goes on counting it
     */
    void withdraw(LeaseDecision decision, boolean surely) {
        Watched w = watched.get(decision.unit().id());
        if (w != null) {
            w.undecide();
        }
        SilenceCap cap = caps.get(decision.unit().service());
        if (cap != null && surely) {
            cap.released(decision.unit().id());
        }
    }

    /**
     * How much of the holder's lease is left; zero when it has ended, the whole of it when this
     * book knows nothing or has not looked for a while.
     */
    Duration remaining(UnitId unit, StartId start, long now) {
        Watched w = watched.get(unit);
        if (w == null || !w.start.equals(start) || paused(now)) {
            return terms.lease();
        }
        if (w.silentFor(terms.lease(), now, replicas)) {
            return Duration.ZERO;
        }
        Duration left = terms.lease().minusNanos(now - w.changedAt);
        return left.compareTo(terms.tickEvery()) > 0 ? left : terms.tickEvery();
    }

    private boolean paused(long now) {
        return lastTick == null
                || now - lastTick > terms.tickEvery().plus(terms.pauseLimit()).toNanos();
    }

    private void observeReplicas(Marks marks, long now) {
        marks.replicas()
                .forEach((id, seq) ->
                        replicas.computeIfAbsent(id, _ -> pulse(seq, now)).seen(seq, now));
        Set<UUID> named =
                marks.units().values().stream()
                        .map(UnitMark::replica)
                        .filter(Objects::nonNull)
                        .collect(Collectors.toSet());
        named.forEach(id -> replicas.computeIfAbsent(id, _ -> pulse(0, now)));
        replicas.keySet().removeIf(id -> !named.contains(id) && !marks.replicas().containsKey(id));
    }

    private ReplicaPulse pulse(long seq, long now) {
        return new ReplicaPulse(terms.replicaGoneAfter(), seq, now);
    }

    private void observeUnits(Marks marks, Collection<UnitRow> units, long now) {
        countTakingsOfOthers(units, now);
        for (UnitRow unit : units) {
            watched.compute(
                            unit.id(),
                            (_, w) ->
                                    w == null || !w.start.equals(unit.startId())
                                            ? new Watched(unit, now)
                                            : w)
                    .seen(unit, marks.units().get(unit.id()), now);
        }
        if (watched.size() > units.size()) {
            watched.keySet().retainAll(units.stream().map(UnitRow::id).collect(Collectors.toSet()));
        }
    }

    /** What another leader took a moment ago counts for this one as well. */
    private void countTakingsOfOthers(Collection<UnitRow> units, long now) {
        for (UnitRow unit : units) {
            Watched before = watched.get(unit.id());
            if (unit.phase() == Phase.DOWN_SILENT
                    && unit.reason().startsWith(SILENCE)
                    && before != null
                    && before.phase() == Phase.SUSPECT) {
                int alive = 1 + live(units).getOrDefault(unit.service(), 0);
                cap(unit.service()).took(unit.id(), alive, now);
            }
        }
    }

    private SilenceCap cap(ServiceName service) {
        return caps.computeIfAbsent(service, _ -> new SilenceCap(terms.silenceWindow()));
    }

    private Watched watched(UnitId id) {
        Watched w = watched.get(id);
        if (w == null) {
            throw new IllegalStateException("unit " + id + " was not observed");
        }
        return w;
    }

    private void suspect(UnitRow unit, Watched w, long now, List<LeaseDecision> decisions) {
        if (w.silentFor(terms.suspectAfter(), now, replicas)) {
            decisions.add(new LeaseDecision(unit, Event.SILENT, silence(w, now)));
        }
    }

    private void endDrain(UnitRow unit, Watched w, long now, List<LeaseDecision> decisions) {
        if (w.silentFor(terms.lease(), now, replicas)) {
            decisions.add(
                    new LeaseDecision(
                            unit, Event.LEASE_EXPIRED, "draining, and " + silence(w, now)));
        }
    }

    private void endStart(UnitRow unit, Watched w, long now, List<LeaseDecision> decisions) {
        if (now - w.phaseSince > terms.startDeadline().toNanos()) {
            decisions.add(
                    new LeaseDecision(
                            unit,
                            Event.START_DEADLINE_PASSED,
                            "no good beat within %s".formatted(terms.startDeadline())));
        }
    }

    private void forget(UnitRow unit, Watched w, long now, List<LeaseDecision> decisions) {
        boolean claimed = unit.phase() != Phase.STOPPED && unit.node() != null;
        if (!claimed && now - w.phaseSince > terms.forgetAfter().toNanos()) {
            decisions.add(
                    new LeaseDecision(
                            unit,
                            Event.FORGET_DUE,
                            "unclaimed for %s".formatted(terms.forgetAfter())));
        }
    }

    /** The longest silence first. Whoever the cap holds back is told about once. */
    private List<LeaseDecision> capped(
            List<UnitRow> expired, Map<ServiceName, Integer> live, long now) {
        List<LeaseDecision> decisions = new ArrayList<>();
        expired.sort(
                Comparator.comparingLong((UnitRow u) -> watched(u.id()).changedAt - now)
                        .thenComparing(UnitRow::id));
        for (UnitRow unit : expired) {
            Watched w = watched(unit.id());
            SilenceCap cap = cap(unit.service());
            int alive = live.getOrDefault(unit.service(), 0);
            if (!preserving(unit.service()) && cap.allows(unit.id(), alive, now)) {
                cap.took(unit.id(), alive, now);
                w.decide(unit);
                decisions.add(new LeaseDecision(unit, Event.LEASE_EXPIRED, silence(w, now)));
            } else if (!w.preserved) {
                w.preserved = true;
                decisions.add(
                        new LeaseDecision(
                                unit,
                                Event.LEASE_PRESERVED,
                                PRESERVING
                                        + "%s, but silence alone takes at most half of the %d live units of '%s' within %s and never the last"
                                                .formatted(
                                                        silence(w, now),
                                                        alive,
                                                        unit.service(),
                                                        terms.silenceWindow())));
            }
        }
        return decisions;
    }

    /** Once the cap holds one back, the clock alone takes nobody until that one is settled. */
    private boolean preserving(ServiceName service) {
        return watched.values().stream().anyMatch(w -> w.preserved && w.service.equals(service));
    }

    private Map<ServiceName, Integer> live(Collection<UnitRow> units) {
        return units.stream()
                .filter(u -> u.phase() == Phase.UP || u.phase() == Phase.SUSPECT)
                .filter(u -> !decided(u))
                .collect(Collectors.toMap(UnitRow::service, _ -> 1, Integer::sum));
    }

    private boolean decided(UnitRow unit) {
        Watched w = watched.get(unit.id());
        return w != null && w.decidedOn(unit);
    }

    private static String silence(Watched w, long now) {
        return SILENCE + "%d ms".formatted((now - w.changedAt) / 1_000_000);
    }
}
