package dev.lepton.registry.lease;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;

import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.evidence.Observation;
import dev.lepton.registry.flap.Flapping;
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
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Judges silence: how long, by this observer's monotonic clock, no change of a unit's mark was
 * seen. Wall clocks are never compared, and a look that came too late judges nobody: every lease
 * starts afresh. Not safe for several threads.
 */
final class LeaseBook {

    /** Of one service the next unit is released no sooner. */
    private static final long RELEASE_NANOS = Duration.ofSeconds(1).toNanos();

    private final LeaseTerms ordinary;
    private LeaseTerms terms;
    private final Map<UnitId, Watched> watched = new HashMap<>();
    private final Map<UUID, ReplicaPulse> replicas = new HashMap<>();
    private final Map<ServiceName, Long> releasedAt = new HashMap<>();
    private final SilenceCaps caps;
    private final Witnesses witnesses = new Witnesses();
    private @Nullable Long lastTick;

    LeaseBook(LeaseTerms terms) {
        this.ordinary = terms;
        this.terms = terms;
        this.caps = new SilenceCaps(terms.silenceWindow());
    }

    /** Judges from now on as if every lease were so many times as long as its terms say. */
    void stretch(int factor) {
        terms = ordinary.stretched(factor);
    }

    /** Starts every lease afresh. */
    void refresh(long now) {
        watched.values().forEach(w -> w.refresh(now));
        replicas.values().forEach(r -> r.refresh(now));
        witnesses.refresh();
    }

    /**
     * Takes in what others have told of units, before the look at the marks.
     *
     * @param supervised the nodes whose supervisor lives
     */
    void heard(long now, Collection<Observation> told, Predicate<NodeName> supervised) {
        witnesses.heard(now, told, supervised);
    }

    /**
     * Counts whom silence alone took, as the change log tells, also under another leader.
     *
     * @param taken as they were when it took them
     */
    void silenceTook(Collection<UnitRow> taken, Collection<UnitRow> units, long now) {
        Map<ServiceName, Set<UnitId>> alive =
                Stream.concat(units.stream().filter(Live::mayServe), taken.stream())
                        .collect(groupingBy(UnitRow::service, mapping(UnitRow::id, toSet())));
        taken.forEach(unit ->
                caps.tookBySilence(unit, alive.getOrDefault(unit.service(), Set.of()).size(), now));
    }

    int size() {
        return watched.size();
    }

    /** Takes in one look at the marks, and decides nothing. */
    void watch(long now, Marks marks, Collection<UnitRow> units) {
        if (paused(now)) {
            refresh(now);
        }
        lastTick = now;
        observeReplicas(marks, now);
        observeUnits(marks, units, now);
        caps.tidy(now);
    }

    /** Takes in one look at the marks and says what is to be done about whom. */
    List<LeaseDecision> tick(long now, Marks marks, Collection<UnitRow> units) {
        watch(now, marks, units);
        List<LeaseDecision> decisions = new ArrayList<>();
        List<UnitRow> suspects = new ArrayList<>();
        for (UnitRow unit : units) {
            Watched w = watched(unit.id());
            switch (unit.phase()) {
                case UP -> suspect(unit, w, now, decisions);
                case SUSPECT -> {
                    if (!w.decidedOn(unit)) {
                        suspects.add(unit);
                    }
                }
                case DRAINING -> endDrain(unit, w, now, decisions);
                case STARTING, RESTARTING, RECOVERING, PROBATION ->
                        endStart(unit, w, now, decisions);
                case DOWN_SILENT, DOWN_HUNG, DOWN_EXITED, STOPPED ->
                        forget(unit, w, now, decisions);
                case QUARANTINED -> {}
            }
        }
        if (suspects.isEmpty()) {
            // As almost always; who else is alive is not counted for nobody.
            return decisions;
        }
        decisions.addAll(notReached(suspects, Live.of(units, this::undecided), now));
        decisions.addAll(doubtfullyNotReached(suspects, Live.of(units, this::undecided), now));
        decisions.addAll(capped(expired(suspects, now), Live.of(units, this::undecided), now));
        decisions.addAll(released(suspects, now));
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
            if (decision.event() == Event.LEASE_PRESERVED) {
                w.unsaid(decision.unit());
            }
        }
        if (surely) {
            caps.released(decision.unit());
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
        return left(w, terms.lease(), now);
    }

    /**
     * How long until the process of an exclusive unit, if it was not frozen, has surely ended
     * itself: the whole span when this book knows nothing or has not looked for a while, as in the
     * first moments of a registry.
     *
     * @param span since its last confirmation
     */
    Duration remainingOf(Duration span, UnitId unit, StartId start, long now) {
        Watched w = watched.get(unit);
        return w == null || !w.start.equals(start) || paused(now) ? span : left(w, span, now);
    }

    private Duration left(Watched w, Duration span, long now) {
        if (w.silentFor(span, now, replicas)) {
            return Duration.ZERO;
        }
        Duration left = span.minusNanos(now - w.changedAt);
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
                        .collect(toSet());
        named.forEach(id -> replicas.computeIfAbsent(id, _ -> pulse(0, now)));
        replicas.keySet().removeIf(id -> !named.contains(id) && !marks.replicas().containsKey(id));
    }

    private ReplicaPulse pulse(long seq, long now) {
        return new ReplicaPulse(terms.replicaGoneAfter(), seq, now);
    }

    private void observeUnits(Marks marks, Collection<UnitRow> units, long now) {
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
            watched.keySet().retainAll(units.stream().map(UnitRow::id).collect(toSet()));
        }
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
            decisions.add(new LeaseDecision(unit, Event.SILENT, silence(unit, now)));
        }
    }

    private void endDrain(UnitRow unit, Watched w, long now, List<LeaseDecision> decisions) {
        if (w.silentFor(terms.lease(), now, replicas)) {
            decisions.add(
                    new LeaseDecision(
                            unit, Event.LEASE_EXPIRED, "draining, and " + silence(unit, now)));
        }
    }

    private void endStart(UnitRow unit, Watched w, long now, List<LeaseDecision> decisions) {
        Duration deadline = startDeadline(unit, w, now);
        if (now - w.phaseSince > deadline.toNanos()) {
            decisions.add(
                    new LeaseDecision(
                            unit,
                            Event.START_DEADLINE_PASSED,
                            "no good beat within %s".formatted(deadline)));
        }
    }

    /**
     * A start that beats is not late while it may be held out as flapping. Whoever has not come up
     * after the longest hold beats, but not well.
     */
    private Duration startDeadline(UnitRow unit, Watched w, long now) {
        boolean keptWaiting = Flapping.heldOut(unit) && !w.silentFor(terms.lease(), now, replicas);
        return keptWaiting
                ? terms.startDeadline().plus(terms.heldOutAtMost())
                : terms.startDeadline();
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

    /** A silence that a supervisor's failed probe confirms need not last for the whole lease. */
    private List<LeaseDecision> notReached(List<UnitRow> suspects, Live live, long now) {
        List<LeaseDecision> decisions = new ArrayList<>();
        for (UnitRow unit : suspects) {
            Observation seen = supervisorsWord(unit, now);
            if (seen != null && caps.allowProbe(unit, live.on(unit.node()), now)) {
                caps.tookByProbe(unit, live.on(unit.node()), now);
                watched(unit.id()).decide(unit);
                String why =
                        "%s does not reach it: %s; %s"
                                .formatted(seen.observer(), seen.detail(), silence(unit, now));
                decisions.add(new LeaseDecision(unit, Event.PROBE_FAILED, why));
            }
        }
        return decisions;
    }

    /**
     * Beyond its share a supervisor is no second witness, and what it confirms is silence alone.
     */
    private List<LeaseDecision> doubtfullyNotReached(List<UnitRow> suspects, Live live, long now) {
        List<LeaseDecision> decisions = new ArrayList<>();
        for (UnitRow unit : suspects) {
            Observation seen = supervisorsWord(unit, now);
            if (seen != null && silenceMayTake(unit, live, now)) {
                caps.tookBySilence(unit, live.of(unit.service()), now);
                watched(unit.id()).decide(unit);
                String why =
                        "%s, and %s, which reaches few of its units, does not reach it: %s"
                                .formatted(silence(unit, now), seen.observer(), seen.detail());
                decisions.add(new LeaseDecision(unit, Event.PROBE_FAILED, why));
            }
        }
        return decisions;
    }

    /** Null also for a unit that is decided on, or held: its hold has an end of its own. */
    private @Nullable Observation supervisorsWord(UnitRow unit, long now) {
        return undecided(unit) && !watched(unit.id()).held()
                ? witnesses.supervisor(unit, now)
                : null;
    }

    /** The longest silence first. */
    private List<UnitRow> expired(List<UnitRow> suspects, long now) {
        return suspects.stream()
                .filter(this::undecided)
                .filter(u -> watched(u.id()).silentFor(terms.lease(), now, replicas))
                .sorted(
                        Comparator.comparingLong((UnitRow u) -> watched(u.id()).changedAt - now)
                                .thenComparing(UnitRow::id))
                .toList();
    }

    /** Whoever the cap holds back is told about when that begins, and when it lasts. */
    private List<LeaseDecision> capped(List<UnitRow> expired, Live live, long now) {
        List<LeaseDecision> decisions = new ArrayList<>();
        for (UnitRow unit : expired) {
            Watched w = watched(unit.id());
            int alive = live.of(unit.service());
            if (silenceMayTake(unit, live, now)) {
                caps.tookBySilence(unit, alive, now);
                w.decide(unit);
                decisions.add(new LeaseDecision(unit, Event.LEASE_EXPIRED, silence(unit, now)));
            } else if (!w.held()) {
                w.hold(now);
                String why = Preserving.because(silence(unit, now), alive, unit.service(), terms);
                decisions.add(new LeaseDecision(unit, Event.LEASE_PRESERVED, why));
            } else if (w.holdIsToBeRaised(terms.raiseAfter(), now)) {
                String why = Preserving.still(silence(unit, now), terms);
                decisions.add(new LeaseDecision(unit, Event.LEASE_PRESERVED, why));
            }
        }
        return decisions;
    }

    private boolean silenceMayTake(UnitRow unit, Live live, long now) {
        return !preserving(unit.service()) && caps.allowSilence(unit, live.of(unit.service()), now);
    }

    /** Whoever was held back for long enough and is not reached, one of a service each second. */
    private List<LeaseDecision> released(List<UnitRow> suspects, long now) {
        List<LeaseDecision> decisions = new ArrayList<>();
        for (UnitRow unit : suspects) {
            Watched w = watched(unit.id());
            Long last = releasedAt.get(unit.service());
            if (!w.heldFor(terms.hold(), now)
                    || w.decidedOn(unit)
                    || (last != null && now - last < RELEASE_NANOS)) {
                continue;
            }
            String observers = witnesses.agreed(unit, now);
            if (observers != null) {
                releasedAt.put(unit.service(), now);
                w.decide(unit);
                decisions.add(
                        new LeaseDecision(
                                unit,
                                Event.PROBE_FAILED,
                                "preserved for %s, and not reached by %s; %s"
                                        .formatted(terms.hold(), observers, silence(unit, now))));
            }
        }
        return decisions;
    }

    /** Once the cap holds one back, the clock alone takes nobody until that one is settled. */
    private boolean preserving(ServiceName service) {
        return watched.values().stream().anyMatch(w -> w.held() && w.service.equals(service));
    }

    /** Whether no taking of the unit as it is now was decided yet. */
    private boolean undecided(UnitRow unit) {
        Watched w = watched.get(unit.id());
        return w == null || !w.decidedOn(unit);
    }

    private String silence(UnitRow unit, long now) {
        return Silenced.BECAUSE
                + "%d ms".formatted((now - watched(unit.id()).changedAt) / 1_000_000);
    }
}
