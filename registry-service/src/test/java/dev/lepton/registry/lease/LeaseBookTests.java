package dev.lepton.registry.lease;

import static dev.lepton.registry.unit.UnitBuilder.aUnit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.lease.Marks.UnitMark;
import dev.lepton.registry.lifecycle.Event;
import dev.lepton.registry.lifecycle.Lifecycle;
import dev.lepton.registry.lifecycle.Outcome;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.unit.UnitBuilder;
import dev.lepton.registry.unit.UnitRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LeaseBookTests {

    private static final long MILLI = Duration.ofMillis(1).toNanos();
    private static final long TICK = 250 * MILLI;
    private static final long SUSPECT = 3_000 * MILLI;
    private static final long LEASE = 6_000 * MILLI;
    private static final long WINDOW = 60_000 * MILLI;
    private static final long HOLD = 60_000 * MILLI;
    private static final long RAISE = Duration.ofMinutes(15).toNanos();
    private static final long DEADLINE = 60_000 * MILLI;
    private static final long FLAP = 4 * DEADLINE;
    private static final long FORGET = Duration.ofHours(1).toNanos();

    /** A tick may be later than it is due by this much. */
    private static final long PAUSE = 1_000 * MILLI;

    private static final UUID REPLICA = UUID.randomUUID();

    private final LeaseBook book =
            new LeaseBook(
                    new LeaseTerms(
                            Duration.ofNanos(SUSPECT),
                            Duration.ofNanos(LEASE),
                            Duration.ofNanos(TICK),
                            Duration.ofNanos(PAUSE),
                            Duration.ofSeconds(1),
                            Duration.ofNanos(WINDOW),
                            Duration.ofNanos(HOLD),
                            Duration.ofNanos(RAISE),
                            Duration.ofNanos(DEADLINE),
                            Duration.ofNanos(FLAP),
                            Duration.ofNanos(FORGET)));

    private final Map<UnitId, UnitRow> units = new LinkedHashMap<>();
    private final Map<UnitId, Long> seqs = new HashMap<>();
    private final List<LeaseDecision> decided = new ArrayList<>();

    /** Near the end of the range: a monotonic clock may run over. */
    private long now = Long.MAX_VALUE - WINDOW;

    private long replicaSeq;
    private boolean replicaBeats = true;
    private boolean stores = true;
    private boolean leads = true;

    @Test
    void unitSilentForExactlyTheTimeOfSuspicionIsNotSuspected() {
        List<LeaseDecision> decisions = silenceOf(upFor(LEASE, aUnit("a")), SUSPECT);

        assertThat(decisions).isEmpty();
    }

    @Test
    void whileLeasesAreStretchedSuspicionAndTheEndOfALeaseComeAsMuchLater() {
        book.stretch(4);
        UnitRow unit = upFor(LEASE, aUnit("a"));

        assertThat(silenceOf(unit, 4 * SUSPECT)).isEmpty();
        assertThat(book.remaining(unit.id(), unit.startId(), now))
                .isEqualTo(Duration.ofNanos(4 * LEASE - 4 * SUSPECT));

        book.stretch(1);
        assertThat(book.remaining(unit.id(), unit.startId(), now)).isEqualTo(Duration.ZERO);
    }

    @Test
    void unitSilentForOneNanosecondMoreIsSuspected() {
        List<LeaseDecision> decisions = silenceOf(upFor(LEASE, aUnit("a")), SUSPECT + 1);

        assertThat(events(decisions)).containsExactly("a SILENT");
    }

    @Test
    void unitThatBeatsIsNeverDecidedOn() {
        beating(aUnit("a"), aUnit("b"));

        runFor(2 * WINDOW);

        assertThat(decided).isEmpty();
    }

    @Test
    void unitSilentForExactlyTheLeaseKeepsIt() {
        beating(aUnit("b"), aUnit("c"));
        UnitRow silent = upFor(LEASE, aUnit("a"));
        long lastBeat = lastBeatOf(silent);

        runUntil(lastBeat + LEASE);

        assertThat(decided(Event.LEASE_EXPIRED)).isEmpty();
        assertThat(book.remaining(silent.id(), silent.startId(), now))
                .isEqualTo(Duration.ofNanos(TICK));
    }

    @Test
    void unitSilentForOneNanosecondMoreLosesIt() {
        beating(aUnit("b"), aUnit("c"));
        UnitRow silent = upFor(LEASE, aUnit("a"));
        long lastBeat = lastBeatOf(silent);

        runUntil(lastBeat + LEASE + 1);

        assertThat(decided(Event.LEASE_EXPIRED)).containsExactly("a LEASE_EXPIRED");
        assertThat(book.remaining(silent.id(), silent.startId(), now)).isZero();
    }

    @Test
    void placeOfASilentUnitIsHeldForExactlyTheSpanThatIsAskedFor() {
        beating(aUnit("b"), aUnit("c"));
        UnitRow silent = upFor(LEASE, aUnit("a"));
        long lastBeat = lastBeatOf(silent);
        Duration span = Duration.ofNanos(LEASE + 2_000 * MILLI);

        runUntil(lastBeat + span.toNanos());
        Duration atTheEnd = book.remainingOf(span, silent.id(), silent.startId(), now);
        runUntil(lastBeat + span.toNanos() + 1);

        assertThat(atTheEnd).isEqualTo(Duration.ofNanos(TICK));
        assertThat(book.remainingOf(span, silent.id(), silent.startId(), now)).isZero();
    }

    @Test
    void placeOfAUnitThatNobodyHasWatchedYetIsHeldForTheWholeSpan() {
        UnitRow unknown = aUnit("a").row();

        assertThat(book.remainingOf(Duration.ofSeconds(8), unknown.id(), unknown.startId(), now))
                .isEqualTo(Duration.ofSeconds(8));
    }

    @Test
    void tickThatIsExactlyOneSecondLateJudges() {
        beating(aUnit("b"));
        UnitRow silent = upFor(LEASE, aUnit("a"));
        runUntil(lastBeatOf(silent) + SUSPECT);

        now += TICK + PAUSE;
        tick();

        assertThat(decided(Event.SILENT)).containsExactly("a SILENT");
    }

    @Test
    void tickThatIsLaterStartsEveryLeaseAfresh() {
        beating(aUnit("b"));
        UnitRow silent = upFor(LEASE, aUnit("a"));
        runUntil(lastBeatOf(silent) + SUSPECT);

        now += TICK + PAUSE + 1;
        long late = now;
        tick();
        runUntil(late + SUSPECT);

        assertThat(decided(Event.SILENT)).isEmpty();
        runUntil(late + SUSPECT + 1);
        assertThat(decided(Event.SILENT)).containsExactly("a SILENT");
    }

    @Test
    void nothingExpiresForOneLeaseAfterThePauseOfTheSweeperItself() {
        beating(aUnit("a"), aUnit("b"), aUnit("c"));
        runFor(LEASE);
        now += Duration.ofMinutes(5).toNanos();
        stores = false;

        runFor(LEASE);

        assertThat(decided(Event.LEASE_EXPIRED)).isEmpty();
        assertThat(decided(Event.LEASE_PRESERVED)).isEmpty();
    }

    @Test
    void newLeaderStartsEveryLeaseAfresh() {
        UnitRow silent = upFor(LEASE, aUnit("a"));
        runUntil(lastBeatOf(silent) + SUSPECT);

        book.refresh(now);
        long led = now;

        runUntil(led + SUSPECT);
        assertThat(decided).isEmpty();
        assertThat(book.remaining(silent.id(), silent.startId(), now))
                .isEqualTo(Duration.ofNanos(LEASE - SUSPECT));
        runUntil(led + SUSPECT + 1);
        assertThat(events(decided)).containsExactly("a SILENT");
    }

    @Test
    void unitWhoseLeaseEndedUnderAnotherLeaderIsTakenByTheNext() {
        beating(aUnit("b"), aUnit("c"));
        UnitRow silent = upFor(LEASE, aUnit("a"));
        runUntil(lastBeatOf(silent) + SUSPECT + TICK);
        leads = false;
        runFor(2 * LEASE);
        assertThat(decided(Event.LEASE_EXPIRED)).isEmpty();

        leads = true;
        book.refresh(now);
        runFor(LEASE + TICK);

        assertThat(decided(Event.LEASE_EXPIRED)).containsExactly("a LEASE_EXPIRED");
    }

    @Test
    void whatAnotherLeaderTookAMomentAgoCounts() {
        beating(aUnit("c"), aUnit("d"));
        UnitRow a = upFor(LEASE, aUnit("a"));
        UnitRow b = upFor(LEASE, aUnit("b"));
        leads = false;
        takenByAnotherLeader(a, b);

        leads = true;
        book.refresh(now);
        lastBeatOf(units.get(new UnitId("c")));
        runFor(LEASE + TICK);

        assertThat(decided(Event.LEASE_EXPIRED)).isEmpty();
        assertThat(decided(Event.LEASE_PRESERVED)).containsExactly("c LEASE_PRESERVED");
    }

    @Test
    void whatAnotherLeaderTookCountsThoughItWasBackBeforeTheNextLook() {
        beating(aUnit("a"), aUnit("c"), aUnit("d"));
        UnitRow b = upFor(LEASE, aUnit("b"));
        book.silenceTook(List.of(units.get(new UnitId("a")), b), units(), now);

        lastBeatOf(units.get(new UnitId("c")));
        runFor(LEASE + TICK);

        assertThat(decided(Event.LEASE_EXPIRED)).isEmpty();
        assertThat(decided(Event.LEASE_PRESERVED)).containsExactly("c LEASE_PRESERVED");
    }

    @Test
    void whatIsToldOfASecondTimeCountsOnce() {
        beating(aUnit("a"), aUnit("c"), aUnit("d"));
        UnitRow b = upFor(LEASE, aUnit("b"));
        book.silenceTook(List.of(b), units(), now);
        book.silenceTook(List.of(b), units(), now);

        lastBeatOf(units.get(new UnitId("c")));
        runFor(LEASE + TICK);

        assertThat(decided(Event.LEASE_EXPIRED)).containsExactly("c LEASE_EXPIRED");
    }

    private void takenByAnotherLeader(UnitRow... taken) {
        for (UnitRow unit : taken) {
            seqs.remove(unit.id());
            units.computeIfPresent(
                    unit.id(),
                    (_, u) -> u.moved(Phase.DOWN_SILENT, UnitBuilder.NOON, "no beat for 6001 ms"));
        }
        book.silenceTook(List.of(taken), units(), now);
        tick();
    }

    @Test
    void decisionsWhoseStoreIsUncertainAreNotFollowedByMoreThanTheCapAllows() {
        beating(aUnit("a"), aUnit("b"), aUnit("c"), aUnit("d"));
        runFor(2 * LEASE);
        stores = false;
        runFor(SUSPECT + TICK);
        runUntil(now - SUSPECT - TICK + LEASE);
        List<LeaseDecision> stored = decisionsOfNextTick();
        stored.forEach(d -> book.withdraw(d, false));
        List<LeaseDecision> outOfDate = decisionsOfNextTick();
        stored.forEach(this::apply);

        outOfDate.forEach(d -> book.withdraw(d, false));
        runFor(2 * LEASE);

        assertThat(events(stored))
                .containsExactlyInAnyOrder(
                        "a LEASE_EXPIRED",
                        "b LEASE_EXPIRED",
                        "c LEASE_PRESERVED",
                        "d LEASE_PRESERVED");
        assertThat(events(outOfDate)).containsExactlyInAnyOrderElementsOf(events(stored));
        assertThat(decided(Event.LEASE_EXPIRED)).isEmpty();
    }

    private List<LeaseDecision> decisionsOfNextTick() {
        now += TICK;
        return judged();
    }

    @Test
    void leaseOfAUnitThatTheBookDoesNotKnowIsWhole() {
        UnitRow unknown = aUnit("a").row();

        assertThat(book.remaining(unknown.id(), unknown.startId(), now))
                .isEqualTo(Duration.ofNanos(LEASE));
    }

    @Test
    void bookThatHasNotLookedForAWhileSaysThatLeasesAreWhole() {
        beating(aUnit("b"), aUnit("c"));
        UnitRow silent = upFor(LEASE, aUnit("a"));
        runUntil(lastBeatOf(silent) + LEASE + 1);

        now += TICK + PAUSE + 1;

        assertThat(book.remaining(silent.id(), silent.startId(), now))
                .isEqualTo(Duration.ofNanos(LEASE));
    }

    @Test
    void silenceBehindAReplicaThatIsGoneWaitsUntilItsClientsHadOneLeaseToMove() {
        beating(aUnit("a"), aUnit("b"), aUnit("c"), aUnit("d"));
        runFor(LEASE + TICK);
        long gone = now + Duration.ofSeconds(1).toNanos();
        replicaBeats = false;
        stores = false;

        runUntil(gone + LEASE);
        assertThat(decided(Event.LEASE_EXPIRED)).isEmpty();
        runFor(TICK);

        assertThat(decided(Event.LEASE_EXPIRED)).hasSize(2);
    }

    @Test
    void silenceTakesHalfOfTheLiveUnitsAndPreservesTheRest() {
        beating(aUnit("a"), aUnit("b"), aUnit("c"), aUnit("d"), aUnit("e"));
        runFor(2 * LEASE);
        seqs.clear();
        stores = false;

        runFor(2 * LEASE);

        assertThat(decided(Event.LEASE_EXPIRED)).hasSize(2);
        assertThat(decided(Event.LEASE_PRESERVED)).hasSize(3);
        assertThat(units.values())
                .filteredOn(u -> u.phase() == Phase.SUSPECT)
                .hasSize(3)
                .allSatisfy(u -> assertThat(u.reason()).startsWith("preserving: no beat for 6"));
    }

    @Test
    void silenceNeverTakesTheLast() {
        beating(aUnit("a"));
        runFor(2 * LEASE);
        stores = false;

        runFor(2 * WINDOW);

        assertThat(decided(Event.LEASE_EXPIRED)).isEmpty();
        assertThat(decided(Event.LEASE_PRESERVED)).containsExactly("a LEASE_PRESERVED");
    }

    @Test
    void clockAloneTakesNobodyFromAServiceThatIsPreserving() {
        beating(aUnit("a"), aUnit("b"), aUnit("c"), aUnit("d"));
        runFor(2 * LEASE);
        stores = false;

        runFor(10 * WINDOW);

        assertThat(decided(Event.LEASE_EXPIRED)).hasSize(2);
    }

    @Test
    void preservingSurvivesAChangeOfLeader() {
        beating(aUnit("b"), aUnit("c"), aUnit("d"));
        units.put(
                new UnitId("a"),
                aUnit("a").in(Phase.SUSPECT).because("preserving: no beat for long").row());

        runFor(WINDOW);

        assertThat(decided).isEmpty();
    }

    @Test
    void preservingThatTheLeaderStoredIsKnownToAFollowerThatLeadsNext() {
        beating(aUnit("b"), aUnit("c"), aUnit("d"));
        UnitRow unit = upFor(LEASE, aUnit("a"));
        lastBeatOf(unit);
        units.put(
                unit.id(),
                unit.moved(Phase.SUSPECT, UnitBuilder.NOON, "preserving: no beat for long"));

        runFor(WINDOW);

        assertThat(decided).isEmpty();
    }

    @Test
    void preservingEndsWhenTheUnitsBeatAgain() {
        beating(aUnit("a"), aUnit("b"), aUnit("c"), aUnit("d"));
        runFor(2 * LEASE);
        stores = false;
        runFor(2 * LEASE);
        stores = true;
        units.replaceAll((_, u) -> u.moved(Phase.UP, UnitBuilder.NOON, "beats"));
        runFor(WINDOW);
        decided.clear();

        seqs.remove(new UnitId("a"));
        runFor(2 * LEASE);

        assertThat(decided(Event.LEASE_EXPIRED)).containsExactly("a LEASE_EXPIRED");
    }

    @Test
    void capOfOneServiceDoesNotHoldAnother() {
        beating(aUnit("a"), aUnit("b").of("billing"), aUnit("c").of("billing"));
        runFor(2 * LEASE);
        stores = false;

        runFor(2 * LEASE);

        assertThat(decided(Event.LEASE_EXPIRED)).hasSize(1);
        assertThat(decided(Event.LEASE_PRESERVED)).hasSize(2).contains("a LEASE_PRESERVED");
    }

    @Test
    void decisionThatWasNotStoredIsTakenAgainAndCountsOnce() {
        beating(aUnit("a"), aUnit("b"), aUnit("c"));
        runFor(2 * LEASE);
        runUntil(lastBeatOf(units.get(new UnitId("a"))) + LEASE);
        now += TICK;
        LeaseDecision refused = judged().getFirst();

        book.withdraw(refused, true);
        now += TICK;
        List<LeaseDecision> again = judged();

        assertThat(events(again)).containsExactly("a LEASE_EXPIRED");
    }

    @Test
    void decisionIsTakenOnceWhileItsStoreIsUnderWay() {
        beating(aUnit("a"), aUnit("b"), aUnit("c"));
        runFor(2 * LEASE);
        runUntil(lastBeatOf(units.get(new UnitId("a"))) + LEASE);
        now += TICK;
        assertThat(judged()).hasSize(1);

        now += TICK;

        assertThat(judged()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"STARTING", "RESTARTING", "RECOVERING", "PROBATION"})
    void startWithoutAGoodBeatMayTakeTheWholeDeadline(Phase phase) {
        units.put(new UnitId("a"), aUnit("a").in(phase).row());
        long begin = now + TICK;

        runUntil(begin + DEADLINE);
        assertThat(decided).isEmpty();
        runUntil(begin + DEADLINE + 1);

        assertThat(events(decided)).containsExactly("a START_DEADLINE_PASSED");
    }

    @Test
    void startThatBeatsAndIsHeldOutAsFlappingIsNotLateUntilItFallsSilent() {
        beating(aUnit("a").in(Phase.RECOVERING).because("flapping: 3 times down"));
        runFor(2 * DEADLINE);
        assertThat(decided).isEmpty();
        long lastBeat = lastBeatOf(units.get(new UnitId("a")));

        runUntil(lastBeat + LEASE);
        assertThat(decided).isEmpty();
        runUntil(lastBeat + LEASE + 1);

        assertThat(events(decided)).containsExactly("a START_DEADLINE_PASSED");
    }

    @Test
    void heldOutStartThatHasNotComeUpByTheEndOfTheLongestHoldIsJudgedByTheDeadline() {
        beating(aUnit("a").in(Phase.RECOVERING).because("flapping: 3 times down"));
        long begin = now + TICK;

        runUntil(begin + FLAP + DEADLINE);
        assertThat(decided).isEmpty();
        runUntil(begin + FLAP + DEADLINE + 1);

        assertThat(events(decided)).containsExactly("a START_DEADLINE_PASSED");
    }

    @Test
    void drainingUnitThatIsSilentForTheLeaseHasStopped() {
        beating(aUnit("a").in(Phase.DRAINING));
        runFor(2 * LEASE);
        UnitRow draining = units.get(new UnitId("a"));
        stores = false;
        long lastBeat = now;

        runUntil(lastBeat + LEASE);
        assertThat(decided).isEmpty();
        runUntil(lastBeat + LEASE + 1);

        assertThat(decided.getFirst().unit()).isEqualTo(draining);
        assertThat(units.get(draining.id()).phase()).isEqualTo(Phase.STOPPED);
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"DOWN_SILENT", "DOWN_HUNG", "DOWN_EXITED", "STOPPED"})
    void unitThatNobodyClaimsIsForgottenAfterOneHour(Phase phase) {
        units.put(new UnitId("a"), aUnit("a").in(phase).withoutSupervisor().row());
        tick();
        long begin = now;

        now = begin + FORGET;
        tick();
        assertThat(decided).isEmpty();
        now = begin + FORGET + 1;
        tick();

        assertThat(events(decided)).containsExactly("a FORGET_DUE");
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"DOWN_SILENT", "DOWN_HUNG", "DOWN_EXITED"})
    void unitThatIsDownUnderASupervisorIsNotForgotten(Phase phase) {
        units.put(new UnitId("a"), aUnit("a").in(phase).row());
        tick();

        now += 2 * FORGET;
        tick();

        assertThat(decided).isEmpty();
    }

    @Test
    void stoppedUnitIsForgottenAlsoUnderASupervisor() {
        units.put(new UnitId("a"), aUnit("a").in(Phase.STOPPED).row());
        tick();

        now += FORGET + 1;
        tick();

        assertThat(events(decided)).containsExactly("a FORGET_DUE");
    }

    @Test
    void unitThatReturnsByABeatWhoseMarkIsNotStoredYetIsNotSuspectedAtOnce() {
        beating(aUnit("b"), aUnit("c"));
        UnitRow silent = upFor(LEASE, aUnit("a"));
        runUntil(lastBeatOf(silent) + LEASE + 1);
        UnitRow down = units.get(silent.id());
        assertThat(down.phase()).isEqualTo(Phase.DOWN_SILENT);
        decided.clear();

        units.put(down.id(), down.moved(Phase.UP, UnitBuilder.NOON, "returned"));
        runFor(TICK);
        long seen = now;
        runUntil(seen + SUSPECT);

        assertThat(decided).isEmpty();
    }

    @Test
    void quarantinedUnitIsLeftAlone() {
        units.put(new UnitId("a"), aUnit("a").in(Phase.QUARANTINED).withoutSupervisor().row());
        tick();

        now += 2 * FORGET;
        tick();

        assertThat(decided).isEmpty();
    }

    @Test
    void newStartBeginsWithAWholeLease() {
        beating(aUnit("b"), aUnit("c"));
        UnitRow silent = upFor(LEASE, aUnit("a"));
        runUntil(lastBeatOf(silent) + SUSPECT + TICK);
        UnitRow next = aUnit("a").incarnation(2).version(9).row();
        units.put(next.id(), next);
        tick();

        assertThat(book.remaining(next.id(), next.startId(), now))
                .isEqualTo(Duration.ofNanos(LEASE));
        assertThat(book.remaining(silent.id(), silent.startId(), now))
                .isEqualTo(Duration.ofNanos(LEASE));
    }

    /** Ticks until the unit was silent for that long, from its last beat or refreshment on. */
    private List<LeaseDecision> silenceOf(UnitRow unit, long nanos) {
        decided.clear();
        runUntil(lastBeatOf(unit) + nanos);
        return decided;
    }

    private long silentSince;

    private long lastBeatOf(UnitRow unit) {
        if (seqs.remove(unit.id()) != null) {
            silentSince = now;
        }
        return silentSince;
    }

    private UnitRow upFor(long nanos, UnitBuilder builder) {
        beating(builder);
        runFor(nanos);
        return units.get(builder.row().id());
    }

    private void beating(UnitBuilder... builders) {
        for (UnitBuilder builder : builders) {
            UnitRow unit = builder.row();
            units.put(unit.id(), unit);
            seqs.put(unit.id(), 0L);
        }
    }

    private void runFor(long nanos) {
        runUntil(now + nanos);
    }

    /** Ticks each interval, and a last time exactly at the end. */
    private void runUntil(long end) {
        while (end - now > TICK) {
            now += TICK;
            tick();
        }
        if (end - now > 0) {
            now = end;
            tick();
        }
    }

    private void tick() {
        for (LeaseDecision decision : judged()) {
            decided.add(decision);
            apply(decision);
        }
    }

    private List<LeaseDecision> judged() {
        if (replicaBeats) {
            replicaSeq++;
        }
        if (stores) {
            seqs.replaceAll((_, seq) -> seq + 1);
        }
        Map<UnitId, UnitMark> marks = new HashMap<>();
        seqs.forEach(
                (id, seq) -> marks.put(id, new UnitMark(units.get(id).startId(), seq, REPLICA)));
        Marks seen = new Marks(marks, Map.of(REPLICA, replicaSeq));
        if (!leads) {
            book.watch(now, seen, units());
            return List.of();
        }
        return book.tick(now, seen, units());
    }

    private List<UnitRow> units() {
        return List.copyOf(units.values());
    }

    private void apply(LeaseDecision decision) {
        UnitRow unit = decision.unit();
        switch (Lifecycle.next(unit.phase(), decision.event())) {
            case Outcome.Move(Phase to, var _) ->
                    units.put(unit.id(), unit.moved(to, UnitBuilder.NOON, decision.reason()));
            case Outcome.Forget _ -> units.remove(unit.id());
            case Outcome.Stay _, Outcome.Refuse _ ->
                    throw new AssertionError("the lifecycle has no move for " + decision);
        }
    }

    private List<String> decided(Event event) {
        return events(decided.stream().filter(d -> d.event() == event).toList());
    }

    private static List<String> events(List<LeaseDecision> decisions) {
        return decisions.stream().map(d -> d.unit().id() + " " + d.event()).toList();
    }
}
