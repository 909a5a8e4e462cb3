package dev.lepton.registry.lease;

import static dev.lepton.registry.support.RestUnit.code;
import static dev.lepton.registry.support.RestUnit.incarnation;
import static dev.lepton.registry.support.RestUnit.startOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.heartbeat.SelfCheck;
import dev.lepton.client.unit.UnitState;
import dev.lepton.registry.support.FreshDatabase;
import dev.lepton.registry.support.RestUnit;
import dev.lepton.registry.support.RunningRegistry;
import dev.lepton.registry.time.PeriodicLoop;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LeaseExpiryIT {

    private static final Duration LEASE = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension static final FreshDatabase database = FreshDatabase.migrated();

    private static RunningRegistry registry;

    private final String service = "service-" + UUID.randomUUID();
    private final ScheduledExecutorService beaters =
            Executors.newScheduledThreadPool(2, Thread.ofVirtual().factory());
    private int units;

    @BeforeAll
    static void start() {
        registry =
                RunningRegistry.start(
                        database,
                        "lepton.lease.heartbeat-interval=200ms",
                        "lepton.lease.heartbeat-timeout=300ms",
                        "lepton.lease.flush-interval=50ms",
                        "lepton.lease.sweep-interval=50ms",
                        "lepton.lease.suspect-after=1s",
                        "lepton.lease.duration=2s",
                        "lepton.lifecycle.start-deadline=3s",
                        "lepton.leader.renew-interval=100ms");
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    @AfterEach
    void stopBeating() {
        beaters.shutdownNow();
    }

    @Test
    void silentUnitIsSuspectedThenDownAndTheBeatingOnesStay() {
        RestUnit one = beating();
        RestUnit other = beating();
        RestUnit silent = unit().up();

        awaitState(silent, UnitState.DOWN);

        assertThat(silent.view().reason()).startsWith("no beat for ");
        assertThat(logged(silent))
                .containsExactly("registered", "started", "suspected", "lease-expired");
        assertThat(logged(one)).doesNotContain("lease-expired");
        assertThat(logged(other)).doesNotContain("lease-expired");
    }

    @Test
    void unitThatWasTakenForDownReturnsByItsNextBeat() {
        beating();
        beating();
        RestUnit silent = unit().up();
        awaitState(silent, UnitState.DOWN);

        assertThat(silent.beat().statusCode()).isEqualTo(200);

        await().atMost(PATIENCE).until(() -> logged(silent).contains("returned"));
        assertThat(silent.view().incarnation()).isEqualTo(1);
    }

    @Test
    void frozenHolderThatWasReplacedIsRefusedForEverWhenItThaws() {
        beating();
        beating();
        RestUnit frozen = unit().up();
        awaitState(frozen, UnitState.DOWN);
        RestUnit next = frozen.nextStart();
        assertThat(incarnation(next.register())).isEqualTo(2);
        next.beat();
        awaitState(next, UnitState.UP);

        assertSuperseded(frozen.beat());
        assertSuperseded(frozen.drain());
        assertSuperseded(frozen.register());

        assertThat(next.view().startId()).isEqualTo(next.start());
        assertThat(next.view().incarnation()).isEqualTo(2);
    }

    @Test
    void lastUnitOfAServiceIsPreserved() {
        RestUnit last = unit().up();

        await().atMost(PATIENCE)
                .until(() -> last.view().reason(), why -> why.startsWith("preserving: "));

        assertThat(last.state()).isEqualTo(UnitState.SUSPECT);
        assertThat(logged(last)).endsWith("suspected", "preserving");
    }

    @Test
    void hungUnitIsDownAtOnceAndReturnsByAGoodBeat() {
        RestUnit unit = unit().up();
        awaitState(unit, UnitState.UP);

        unit.beat(SelfCheck.UNANSWERED);

        awaitState(unit, UnitState.DOWN);
        assertThat(logged(unit)).endsWith("hung");
        unit.beat();
        awaitState(unit, UnitState.UP);
    }

    @Test
    void startWithoutAGoodBeatIsDownAfterItsDeadline() {
        RestUnit unit = unit();
        unit.register();
        unit.beat(SelfCheck.LATE);

        awaitState(unit, UnitState.DOWN);

        assertThat(logged(unit)).containsExactly("registered", "start-deadline");
    }

    @Test
    void drainingUnitThatFallsSilentHasStopped() {
        RestUnit unit = unit().up();
        awaitState(unit, UnitState.UP);
        unit.drain();

        awaitState(unit, UnitState.STOPPED);

        assertThat(logged(unit)).endsWith("drain", "drain-ended");
    }

    @Test
    void pauseOfTheSweeperEndsNoLease() {
        List<RestUnit> all = new ArrayList<>(List.of(beating(), beating(), beating()));
        all.forEach(u -> awaitState(u, UnitState.UP));
        PeriodicLoop sweep = registry.bean("leaseSweep", PeriodicLoop.class);
        sweep.stop();
        beaters.shutdownNow();

        await().during(LEASE.plusMillis(1500)).atMost(PATIENCE).until(() -> nobodyIsDown(all));
        Instant resumed = Instant.now();
        sweep.start();

        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(all).filteredOn(u -> u.state() == UnitState.DOWN).hasSize(1));
        assertThat(firstExpiry()).isAfterOrEqualTo(resumed.plus(LEASE));
    }

    private Instant firstExpiry() {
        return database.jdbc()
                .sql(
                        """
                        SELECT min(at) FROM change_log
                        WHERE event = 'lease-expired' AND unit_id LIKE :units\
                        """)
                .param("units", service + "-%")
                .query(Instant.class)
                .single();
    }

    private static boolean nobodyIsDown(List<RestUnit> all) {
        return all.stream().noneMatch(u -> u.state() == UnitState.DOWN);
    }

    private RestUnit unit() {
        return startOf(registry, service + "-" + ++units).of(service);
    }

    private RestUnit beating() {
        RestUnit unit = unit().up();
        beaters.scheduleAtFixedRate(unit::beat, 0, 200, TimeUnit.MILLISECONDS);
        return unit;
    }

    private static void awaitState(RestUnit unit, UnitState state) {
        await().atMost(PATIENCE).until(unit::state, state::equals);
    }

    private static void assertSuperseded(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(409);
        assertThat(code(answer)).isEqualTo("superseded");
    }

    private static List<String> logged(RestUnit unit) {
        return database.logged(unit.id());
    }
}
