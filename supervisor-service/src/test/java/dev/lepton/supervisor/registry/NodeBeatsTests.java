package dev.lepton.supervisor.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.heartbeat.FenceTerms;
import dev.lepton.client.heartbeat.HeartbeatBatch;
import dev.lepton.client.heartbeat.HeartbeatBatchAnswer;
import dev.lepton.client.heartbeat.HeartbeatBatchAnswer.Outcome;
import dev.lepton.client.heartbeat.HeartbeatBatchAnswer.UnitOutcome;
import dev.lepton.client.policy.RecoveryPolicy;
import dev.lepton.client.registration.Registered;
import dev.lepton.client.registration.Registration;
import dev.lepton.client.rest.RegistryRefusal;
import dev.lepton.client.unit.Beater;
import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitAddress;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.supervisor.declaration.Beating;
import dev.lepton.supervisor.declaration.LivenessProbe;
import dev.lepton.supervisor.declaration.PortChoice;
import dev.lepton.supervisor.declaration.Probe;
import dev.lepton.supervisor.declaration.ServiceDeclaration;
import dev.lepton.supervisor.recovery.UnitPolicy;
import dev.lepton.supervisor.supervision.UnitPlan;
import dev.lepton.supervisor.supervision.UnitStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NodeBeatsTests {

    private static final StartId START = StartId.random();

    private final List<Registration> registrations = new ArrayList<>();
    private final List<HeartbeatBatch> batches = new ArrayList<>();
    private RegistryRefusal refusal;
    private Outcome outcome = Outcome.ACCEPTED;
    private long now;
    private FenceTerms fence;
    private Duration interval = Duration.ofSeconds(1);
    private boolean stored = true;
    private boolean repeated;
    private UnitPolicy policy = UnitPolicy.ORDINARY;
    private long wallMillis;

    private final NodeBeats beats = nodeBeats();

    private NodeBeats nodeBeats() {
        return new NodeBeats(
                this::register,
                this::beat,
                new NodeName("here"),
                "127.0.0.1",
                () -> now,
                () -> Instant.ofEpochMilli(wallMillis));
    }

    @AfterEach
    void close() {
        beats.close();
    }

    @Test
    void aUnitIsRegisteredOnceItsProbeIsGoodAndThenBeatenFor() {
        beats.probed(plan("web-1"), status("web-1", START), false);
        turn();
        assertThat(registrations).isEmpty();

        goodProbe("web-1");
        turn();
        turn();

        assertThat(registrations)
                .singleElement()
                .satisfies(registration -> {
                    assertThat(registration.unitId()).isEqualTo(new UnitId("web-1"));
                    assertThat(registration.startId()).isEqualTo(START);
                    assertThat(registration.address())
                            .isEqualTo(UnitAddress.http("127.0.0.1", 20001));
                    assertThat(registration.node()).isEqualTo(new NodeName("here"));
                    assertThat(registration.beater()).isEqualTo(Beater.NODE);
                    assertThat(registration.pid()).isEqualTo(4711);
                });
        assertThat(batches).hasSize(2);
        assertThat(batches.get(1).beats().getFirst().heartbeat().seq()).isEqualTo(2);
    }

    @Test
    void aSuccessorsBeatsForTheSameStartAreNewerThanThoseBefore() {
        goodProbe("web-1");
        for (int beat = 0; beat < 60; beat++) {
            turn();
            now += Duration.ofSeconds(1).toNanos();
            goodProbe("web-1");
        }
        long lastBefore = batches.getLast().beats().getFirst().heartbeat().seq();
        wallMillis += Duration.ofSeconds(60).toMillis();

        try (NodeBeats successor = nodeBeats()) {
            successor.probed(plan("web-1"), status("web-1", START), true);
            successor.pass();
        }

        assertThat(batches.getLast().beats().getFirst().heartbeat().seq())
                .isGreaterThan(lastBefore);
    }

    @Test
    void aUnitIsBeatenForAsSeldomAsTheRegistryAsks() {
        interval = Duration.ofSeconds(4);

        assertThat(secondsOfBeats(9)).containsExactly(0, 4, 8);
    }

    @Test
    void aBeatThatWasNotStoredIsSentAgainInTheNextTurn() {
        interval = Duration.ofSeconds(4);
        stored = false;

        assertThat(secondsOfBeats(3)).containsExactly(0, 1, 2);
    }

    @Test
    void aUnitWhoseProbeIsGoodAgainIsBeatenForAtOnce() {
        interval = Duration.ofSeconds(4);
        goodProbe("web-1");
        turn();
        now += Duration.ofSeconds(1).toNanos();
        beats.probed(plan("web-1"), status("web-1", START), false);
        turn();
        batches.clear();

        goodProbe("web-1");
        turn();

        assertThat(batches).hasSize(1);
    }

    private List<Integer> secondsOfBeats(int seconds) {
        List<Integer> beaten = new ArrayList<>();
        for (int second = 0; second < seconds; second++) {
            batches.clear();
            goodProbe("web-1");
            turn();
            if (!batches.isEmpty()) {
                beaten.add(second);
            }
            now += Duration.ofSeconds(1).toNanos();
        }
        return beaten;
    }

    @Test
    void allUnitsOfTheNodeGoIntoOneBatch() {
        goodProbe("web-1");
        goodProbe("web-2");

        turn();

        assertThat(batches)
                .singleElement()
                .satisfies(batch -> assertThat(batch.beats()).hasSize(2));
    }

    @Test
    void aUnitWhoseLastProbeFailedIsNotBeatenFor() {
        goodProbe("web-1");
        turn();
        batches.clear();

        beats.probed(plan("web-1"), status("web-1", START), false);
        turn();

        assertThat(batches).isEmpty();
    }

    @Test
    void aProbeFromBeforeAPauseOfTheSupervisorProvesNothing() {
        goodProbe("web-1");
        turn();
        batches.clear();

        now += Duration.ofMillis(2500).toNanos();
        turn();
        assertThat(batches).hasSize(1);
        now += 1;
        turn();
        assertThat(batches).hasSize(1);
    }

    @Test
    void aUnitThatTheRegistryDoesNotKnowIsRegisteredAgain() {
        goodProbe("web-1");
        outcome = Outcome.NOT_REGISTERED;
        turn();

        outcome = Outcome.ACCEPTED;
        turn();

        assertThat(registrations).hasSize(2);
    }

    @Test
    void aSupersededStartIsNeverRegisteredNorBeatenForAgain() {
        goodProbe("web-1");
        outcome = Outcome.SUPERSEDED;
        turn();
        batches.clear();
        registrations.clear();

        turn();

        assertThat(batches).isEmpty();
        assertThat(registrations).isEmpty();
    }

    @Test
    void aRegistrationThatIsInUseIsTriedAgainAfterTheTimeThatWasAskedFor() {
        refusal = new RegistryRefusal.InUse("in use", Duration.ofSeconds(2));
        goodProbe("web-1");
        turn();
        refusal = null;

        now += Duration.ofSeconds(2).toNanos() - 1;
        turn();
        assertThat(registrations).hasSize(1);
        now += 1;
        turn();
        assertThat(registrations).hasSize(2);
    }

    @Test
    void aStartWhosePlaceIsAnothersIsToldOnceAndThePlaceIsTakenForTheTimeThatWasSaid() {
        refusal = new RegistryRefusal.InUse("in use", Duration.ofSeconds(2));
        goodProbe("web-1");
        assertThat(displaced()).isEmpty();
        turn();

        assertThat(displaced()).containsExactly("web-1 " + START);
        assertThat(displaced()).isEmpty();
        beats.forget(new UnitId("web-1"));
        now += Duration.ofSeconds(2).toNanos() - 1;
        assertThat(beats.taken(new UnitId("web-1"))).isTrue();
        assertThat(beats.taken(new UnitId("web-2"))).isFalse();
        now += 1;
        assertThat(beats.taken(new UnitId("web-1"))).isFalse();
    }

    @Test
    void aPlaceThatWasGivenAfterAllIsTakenNoMore() {
        refusal = new RegistryRefusal.InUse("in use", Duration.ofSeconds(2));
        goodProbe("web-1");
        turn();
        refusal = null;

        beats.forget(new UnitId("web-1"));
        goodProbe("web-1");
        turn();

        assertThat(beats.taken(new UnitId("web-1"))).isFalse();
    }

    @Test
    void aSupersededStartIsToldToo() {
        refusal = new RegistryRefusal.Superseded("over");
        goodProbe("web-1");
        turn();
        refusal = null;
        goodProbe("web-2");
        outcome = Outcome.SUPERSEDED;
        turn();

        assertThat(displaced()).containsExactly("web-1 " + START, "web-2 " + START);
        assertThat(beats.taken(new UnitId("web-1"))).isFalse();
    }

    @Test
    void aRegistryThatIsAwayIsTriedAgain() {
        refusal = new RegistryRefusal.Unavailable("away", null, null);
        goodProbe("web-1");
        turn();
        refusal = null;

        now += Duration.ofSeconds(1).toNanos();
        turn();

        assertThat(batches).hasSize(1);
    }

    @Test
    void aNewStartOfAUnitIsRegisteredAnew() {
        goodProbe("web-1");
        turn();
        StartId next = StartId.random();

        beats.forget(new UnitId("web-1"));
        beats.probed(plan("web-1"), status("web-1", next), true);
        turn();

        assertThat(registrations).last().extracting(Registration::startId).isEqualTo(next);
    }

    @Test
    void theRegistryLearnsThatAUnitIsDeclaredExclusive() {
        goodProbe("web-1");
        turn();
        policy =
                UnitPolicy.ORDINARY.changedBy(
                        new RecoveryPolicy(
                                null, null, null, null, null, null, null, null, null, null, null,
                                null, null, null, true));
        goodProbe("web-2");
        turn();

        assertThat(registrations)
                .extracting(Registration::labels)
                .containsExactly(Map.of(), Map.of("lepton.exclusive", "true"));
    }

    @Test
    void anExclusiveUnitIsOverOnceAndForGoodWhenNoStoredBeatWasAnsweredInTime() {
        fence = new FenceTerms(Duration.ofSeconds(4), Duration.ofSeconds(6));
        List<String> ended = new ArrayList<>();
        goodProbe("web-1");
        turn();
        stored = false;

        for (int second = 1; second < 4; second++) {
            now += Duration.ofSeconds(1).toNanos();
            goodProbe("web-1");
            turn();
            beats.endUnconfirmed((unit, _, left) -> ended.add(unit + " " + left));
        }
        assertThat(ended).isEmpty();
        now += Duration.ofSeconds(1).toNanos();
        beats.endUnconfirmed((unit, _, left) -> ended.add(unit + " " + left));
        batches.clear();
        stored = true;
        goodProbe("web-1");
        turn();
        now += Duration.ofSeconds(1).toNanos();
        beats.endUnconfirmed((unit, _, left) -> ended.add(unit + " " + left));

        assertThat(ended).containsExactly("web-1 PT2S");
        assertThat(batches).isEmpty();
    }

    @Test
    void aRepeatedRegistrationCountsFromTheFirstCallThatMayHaveBeenStored() {
        assertThat(endedAfterTheFirstOfTwoCalls(true)).containsExactly(new UnitId("web-1"));
    }

    @Test
    void aNewRegistrationCountsFromItsOwnCall() {
        assertThat(endedAfterTheFirstOfTwoCalls(false)).isEmpty();
    }

    /** Which units are over as long after the first call as a confirmation lasts. */
    private List<UnitId> endedAfterTheFirstOfTwoCalls(boolean secondIsRepeated) {
        fence = new FenceTerms(Duration.ofSeconds(4), Duration.ofSeconds(6));
        stored = false;
        repeated = secondIsRepeated;
        refusal = new RegistryRefusal.Unavailable("it is away", null, null);
        goodProbe("web-1");
        turn();
        refusal = null;
        now += Duration.ofSeconds(2).toNanos();
        goodProbe("web-1");
        turn();
        now += Duration.ofSeconds(2).toNanos();
        List<UnitId> ended = new ArrayList<>();
        beats.endUnconfirmed((unit, _, _) -> ended.add(unit));
        return ended;
    }

    @Test
    void aBeatThatWasSentAfterItsTimeConfirmsNothing() {
        fence = new FenceTerms(Duration.ofSeconds(4), Duration.ofSeconds(6));
        goodProbe("web-1");
        turn();
        now += Duration.ofSeconds(5).toNanos();
        goodProbe("web-1");
        turn();

        List<UnitId> ended = new ArrayList<>();
        beats.endUnconfirmed((unit, _, _) -> ended.add(unit));

        assertThat(ended).containsExactly(new UnitId("web-1"));
    }

    @Test
    void anExclusiveUnitThatIsBeingStoppedIsBeatenForNoMoreAndStillOverInItsTime() {
        fence = new FenceTerms(Duration.ofSeconds(4), Duration.ofSeconds(6));
        List<UnitId> ended = new ArrayList<>();
        goodProbe("web-1");
        turn();
        batches.clear();

        beats.leave(new UnitId("web-1"));
        turn();
        assertThat(batches).isEmpty();
        now += Duration.ofSeconds(4).toNanos() - 1;
        beats.endUnconfirmed((unit, _, _) -> ended.add(unit));
        assertThat(ended).isEmpty();
        now += 1;
        beats.endUnconfirmed((unit, _, _) -> ended.add(unit));

        assertThat(ended).containsExactly(new UnitId("web-1"));
    }

    private List<String> displaced() {
        List<String> found = new ArrayList<>();
        beats.endDisplaced((unit, start) -> found.add(unit + " " + start));
        return found;
    }

    private void turn() {
        beats.pass();
    }

    private void goodProbe(String unit) {
        beats.probed(plan(unit), status(unit, START), true);
    }

    private synchronized Registered register(Registration registration) {
        registrations.add(registration);
        if (refusal != null) {
            throw refusal;
        }
        return new Registered(
                registration.unitId(),
                registration.startId(),
                1,
                interval,
                Duration.ofMillis(300),
                Duration.ofSeconds(6),
                fence,
                repeated);
    }

    private synchronized HeartbeatBatchAnswer beat(HeartbeatBatch batch, Duration timeout) {
        batches.add(batch);
        return new HeartbeatBatchAnswer(
                stored,
                interval,
                Duration.ofMillis(300),
                batch.beats().stream()
                        .map(beat -> new UnitOutcome(beat.unitId(), outcome, null, fence))
                        .toList());
    }

    private static UnitStatus status(String unit, StartId start) {
        return new UnitStatus(
                new UnitId(unit),
                new ServiceName("web"),
                UnitState.UP,
                20001,
                null,
                "127.0.0.1",
                4711L,
                start,
                null,
                true,
                false,
                false,
                0,
                0,
                0,
                Instant.EPOCH,
                "test");
    }

    private UnitPlan plan(String unit) {
        return new UnitPlan(
                new UnitId(unit),
                new ServiceDeclaration(
                        new ServiceName("web"),
                        List.of("run"),
                        1,
                        PortChoice.FREE,
                        null,
                        Beating.NODE,
                        Probe.NONE,
                        Set.of(),
                        Map.of(),
                        Path.of("."),
                        Duration.ofSeconds(20),
                        LivenessProbe.of(Probe.NONE),
                        policy,
                        null));
    }
}
