package dev.lepton.registry.lease;

import static dev.lepton.registry.unit.UnitBuilder.aUnit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.evidence.EvidenceKind;
import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.evidence.Observation;
import dev.lepton.registry.lease.Marks.UnitMark;
import dev.lepton.registry.lifecycle.Event;
import dev.lepton.registry.lifecycle.Lifecycle;
import dev.lepton.registry.lifecycle.Outcome;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.unit.UnitBuilder;
import dev.lepton.registry.unit.UnitRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a lease book does with what others tell of units. */
class LeaseWitnessTests {

    private static final Duration SUSPECT = Duration.ofSeconds(3);
    private static final Duration LEASE = Duration.ofSeconds(6);
    private static final Duration HOLD = Duration.ofSeconds(60);
    private static final Duration RAISE = Duration.ofMinutes(15);
    private static final long TICK = Duration.ofMillis(250).toNanos();
    private static final UUID REPLICA = UUID.randomUUID();

    private final LeaseBook book =
            new LeaseBook(
                    new LeaseTerms(
                            SUSPECT,
                            LEASE,
                            Duration.ofNanos(TICK),
                            Duration.ofSeconds(1),
                            Duration.ofSeconds(1),
                            Duration.ofSeconds(60),
                            HOLD,
                            RAISE,
                            Duration.ofSeconds(60),
                            Duration.ofMinutes(5),
                            Duration.ofHours(1)));

    private final Map<UnitId, UnitRow> units = new LinkedHashMap<>();
    private final Set<UnitId> silent = new HashSet<>();
    private final Map<String, Set<UnitId>> supervisors = new LinkedHashMap<>();
    private final Map<String, Set<UnitId>> gateways = new LinkedHashMap<>();
    private final List<LeaseDecision> decided = new ArrayList<>();
    private final Map<UnitId, Long> decidedAt = new HashMap<>();
    private boolean supervised = true;
    private long seq;
    private long now = Long.MAX_VALUE - RAISE.toNanos();

    @Test
    void suspectedUnitWhoseSupervisorsProbeFailsIsDownAtOnce() {
        up(aUnit("a"), aUnit("b"), aUnit("c"));
        supervisors.put("supervisor of node-a", silentAre("a"));

        runFor(SUSPECT.plusNanos(2 * TICK));

        assertThat(events()).containsExactly("a SILENT", "a PROBE_FAILED");
        assertThat(decided.getLast().reason())
                .startsWith("supervisor of node-a does not reach it: refused; no beat for 3");
    }

    @Test
    void failedProbeTakesNoUnitThatBeats() {
        up(aUnit("a"), aUnit("b"));
        supervisors.put("supervisor of node-a", ids("a"));

        runFor(LEASE.multipliedBy(2));

        assertThat(decided).isEmpty();
    }

    @Test
    void gatewaysWordTakesNobodyBeforeTheLeaseEnds() {
        up(aUnit("a"), aUnit("b"), aUnit("c"));
        gateways.put("gateway-1", silentAre("a"));
        gateways.put("gateway-2", ids("a"));

        runFor(LEASE);

        assertThat(events()).containsExactly("a SILENT");
    }

    @Test
    void onlyUnitOfItsNodeIsTakenByAFailedProbeAlsoWhenItIsTheLast() {
        up(aUnit("a"));
        supervisors.put("supervisor of node-a", silentAre("a"));

        runFor(SUSPECT.plusNanos(2 * TICK));

        assertThat(events()).containsExactly("a SILENT", "a PROBE_FAILED");
    }

    @Test
    void supervisorThatReachesNoneOfItsUnitsTakesHalfOfThemAndMoreOnlyAsSilenceMay() {
        up(aUnit("a"), aUnit("b"), aUnit("c"), aUnit("d"));
        supervisors.put("supervisor of node-a", silentAre("a", "b", "c", "d"));

        runFor(LEASE.multipliedBy(2));

        assertThat(taken()).hasSize(3);
        assertThat(decided)
                .filteredOn(d -> d.reason().contains("which reaches few of its units"))
                .hasSize(1);
        assertThat(decided).filteredOn(d -> d.event() == Event.LEASE_PRESERVED).hasSize(1);
    }

    @Test
    void silenceThatHasTakenItsShareLeavesTheOtherHalfOfABlindNode() {
        up(aUnit("a"), aUnit("b"), aUnit("c").withoutSupervisor(), aUnit("d").withoutSupervisor());
        silentAre("c", "d");
        runFor(LEASE.plusNanos(2 * TICK));
        assertThat(taken()).containsExactlyInAnyOrder("c", "d");
        decided.clear();
        supervisors.put("supervisor of node-a", silentAre("a", "b"));

        runFor(HOLD);

        assertThat(taken()).hasSize(1);
    }

    @Test
    void unitThatIsHeldIsKeptForTheWholeHoldHoweverFewReachIt() {
        long begun = preserving();
        supervisors.put("supervisor of node-a", ids("a"));
        gateways.put("gateway-1", ids("a"));

        runUntil(begun + HOLD.toNanos());
        assertThat(taken()).isEmpty();
        runUntil(begun + HOLD.toNanos() + 1);

        assertThat(taken()).containsExactly("a");
        assertThat(decided.getLast().reason())
                .startsWith(
                        "preserved for PT1M, and not reached by gateway-1 and supervisor of node-a;");
    }

    @Test
    void oneObserverIsNotEnoughWhereThereAreTwo() {
        preserving();
        gateways.put("gateway-1", ids("a"));

        runFor(HOLD.multipliedBy(2));

        assertThat(taken()).isEmpty();
    }

    @Test
    void oneObserverIsEnoughWhereNoSupervisorLives() {
        preserving();
        supervised = false;
        gateways.put("the registry", ids("a"));

        runFor(HOLD.multipliedBy(2));

        assertThat(taken()).containsExactly("a");
    }

    @Test
    void clockAloneReleasesNobody() {
        preserving();
        supervised = false;

        runFor(HOLD.multipliedBy(5));

        assertThat(taken()).isEmpty();
    }

    @Test
    void unitsOfAServiceAreReleasedOneASecond() {
        up(aUnit("a"), aUnit("b"), aUnit("c"), aUnit("d"));
        Set<UnitId> all = silentAre("a", "b", "c", "d");
        runFor(LEASE.plusNanos(2 * TICK));
        assertThat(taken()).hasSize(2);
        decided.clear();
        gateways.put("gateway-1", all);
        gateways.put("the registry", all);

        runFor(HOLD.multipliedBy(2));

        assertThat(taken()).hasSize(2);
        long first = decidedAt.get(decided.get(0).unit().id());
        long second = decidedAt.get(decided.get(1).unit().id());
        assertThat(second - first).isEqualTo(Duration.ofSeconds(1).toNanos());
    }

    @Test
    void newLeaderHoldsForAWholeHoldOfItsOwn() {
        preserving();
        gateways.put("gateway-1", ids("a"));
        gateways.put("the registry", ids("a"));
        runFor(HOLD.dividedBy(2));

        book.refresh(now);
        long led = now;
        runUntil(led + HOLD.toNanos());
        assertThat(taken()).isEmpty();
        runFor(Duration.ofNanos(TICK));

        assertThat(taken()).containsExactly("a");
    }

    @Test
    void releaseWhoseStoreIsUncertainDoesNotLetTheClockTakeTheUnit() {
        long begun = preserving();
        gateways.put("gateway-1", ids("a"));
        gateways.put("the registry", ids("a"));
        now = Math.max(now, begun);
        runUntil(begun + HOLD.toNanos());
        now = begun + HOLD.toNanos() + 1;
        List<LeaseDecision> uncertain = judged();
        assertThat(uncertain).hasSize(1);

        book.withdraw(uncertain.getFirst(), false);
        gateways.clear();
        runFor(HOLD.multipliedBy(2));

        assertThat(taken()).isEmpty();
    }

    @Test
    void holdThatLastsForExactlyAQuarterOfAnHourIsNotSaidAgain() {
        long begun = preserving();

        runUntil(begun + RAISE.toNanos());

        assertThat(decided).isEmpty();
    }

    @Test
    void holdThatLastsLongerIsSaidAgainOnceAndIsStillAHold() {
        long begun = preserving();

        runUntil(begun + RAISE.toNanos() + 1);
        runFor(RAISE);

        assertThat(decided)
                .singleElement()
                .satisfies(d -> {
                    assertThat(d.event()).isEqualTo(Event.LEASE_PRESERVED);
                    assertThat(d.reason()).startsWith("preserving for 15 min: no beat for ");
                });
        assertThat(Preserving.holds(units.get(new UnitId("a")))).isTrue();
    }

    /** The only unit of a service is held back; answers since when. */
    private long preserving() {
        up(aUnit("a"));
        silentAre("a");
        while (decided.stream().noneMatch(d -> d.event() == Event.LEASE_PRESERVED)) {
            runFor(Duration.ofNanos(TICK));
        }
        decided.clear();
        return now;
    }

    private void up(UnitBuilder... builders) {
        for (UnitBuilder builder : builders) {
            UnitRow unit = builder.row();
            units.put(unit.id(), unit);
        }
        runFor(LEASE);
    }

    private Set<UnitId> silentAre(String... names) {
        silent.addAll(ids(names));
        return ids(names);
    }

    private static Set<UnitId> ids(String... names) {
        return new HashSet<>(Arrays.stream(names).map(UnitId::new).toList());
    }

    private void runFor(Duration span) {
        runUntil(now + span.toNanos());
    }

    private void runUntil(long end) {
        while (end - now > 0) {
            now += Math.min(TICK, end - now);
            for (LeaseDecision decision : judged()) {
                decided.add(decision);
                decidedAt.put(decision.unit().id(), now);
                apply(decision);
            }
        }
    }

    private List<LeaseDecision> judged() {
        seq++;
        List<Observation> told = new ArrayList<>();
        supervisors.forEach((who, whom) -> told.addAll(told(who, EvidenceKind.PROBE_FAILED, whom)));
        gateways.forEach((who, whom) -> told.addAll(told(who, EvidenceKind.UNREACHABLE, whom)));
        book.heard(now, told, (NodeName _) -> supervised);
        Map<UnitId, UnitMark> marks = new HashMap<>();
        units.forEach((id, unit) -> {
            if (!silent.contains(id)) {
                marks.put(id, new UnitMark(unit.startId(), seq, REPLICA));
            }
        });
        return book.tick(now, new Marks(marks, Map.of(REPLICA, seq)), List.copyOf(units.values()));
    }

    private List<Observation> told(String observer, EvidenceKind kind, Set<UnitId> whom) {
        return whom.stream()
                .map(units::get)
                .map(u ->
                        new Observation(u.id(), observer, kind, u.startId(), "refused", true, seq))
                .toList();
    }

    private void apply(LeaseDecision decision) {
        UnitRow unit = decision.unit();
        if (Lifecycle.next(unit.phase(), decision.event()) instanceof Outcome.Move move) {
            Phase to = move.to();
            units.put(unit.id(), unit.moved(to, UnitBuilder.NOON, decision.reason()));
        } else {
            throw new AssertionError("the lifecycle has no move for " + decision);
        }
    }

    private List<String> events() {
        return decided.stream().map(d -> d.unit().id() + " " + d.event()).toList();
    }

    private List<String> taken() {
        return decided.stream()
                .filter(d -> d.event() == Event.PROBE_FAILED || d.event() == Event.LEASE_EXPIRED)
                .map(d -> d.unit().id().value())
                .toList();
    }
}
