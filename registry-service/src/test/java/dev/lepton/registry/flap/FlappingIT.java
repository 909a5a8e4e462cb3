package dev.lepton.registry.flap;

import static dev.lepton.registry.support.RestUnit.startOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.heartbeat.SelfCheck;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.registry.fleet.FleetView;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.support.FreshDatabase;
import dev.lepton.registry.support.RestUnit;
import dev.lepton.registry.support.RunningRegistry;
import dev.lepton.registry.unit.UnitRow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FlappingIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration HOLD = Duration.ofSeconds(4);

    /** Silence decides nothing here: whoever is down hangs or has exited. */
    private static final String[] SETTINGS = {
        "lepton.lease.suspect-after=5m", "lepton.lease.duration=10m", "lepton.flap.first-hold=4s"
    };

    @RegisterExtension static final FreshDatabase database = FreshDatabase.migrated();

    private static RunningRegistry registry;

    private final String service = "service-" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        registry = RunningRegistry.start(database, SETTINGS);
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    @Test
    void thirdReturnIsHeldOutAndTheUnitComesUpByItsFirstGoodBeatAfterThat() {
        up(unit(1));
        RestUnit flapping = up(unit(2));
        comesBack(flapping);
        comesBack(flapping);
        Instant down = hangs(flapping);

        flapping.beat();

        await().atMost(PATIENCE)
                .until(() -> flapping.view().reason(), why -> why.startsWith("flapping: 3 times"));
        assertThat(flapping.state()).isEqualTo(UnitState.DOWN);
        awaitUpByBeats(flapping);
        assertThat(timeOfLast(flapping)).isAfterOrEqualTo(down.plus(HOLD));
        assertThat(logged(flapping)).endsWith("hung", "held-out", "returned");
    }

    @Test
    void nextStartOfAFlappingUnitIsHeldOutAlsoByAReplicaThatBeganLater() {
        up(unit(1));
        RestUnit first = up(unit(2));
        comesBack(first);
        comesBack(first);
        Instant down = Instant.now();
        first.exited(1);

        try (RunningRegistry later = RunningRegistry.start(database, SETTINGS)) {
            RestUnit next = startOf(later, first.id()).of(service);
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(next.register().statusCode()).isBetween(200, 201));
            awaitUpByBeats(next);

            assertThat(timeOfLast(next)).isAfterOrEqualTo(down.plus(HOLD));
        }
    }

    @Test
    void lastUnitOfAServiceIsNeverHeldOut() {
        RestUnit only = up(unit(1));
        comesBack(only);
        comesBack(only);

        comesBack(only);

        assertThat(logged(only)).doesNotContain("held-out");
    }

    @Test
    void whereMostUnitsOfAServiceFlapAtMostHalfOfThemAreHeldOut() {
        List<RestUnit> all = List.of(up(unit(1)), up(unit(2)), up(unit(3)), up(unit(4)));
        for (int i = 0; i < 2; i++) {
            all.forEach(FlappingIT::comesBack);
        }
        all.forEach(FlappingIT::hangs);

        // One after the other: those that come back in the same moment do not see each other.
        all.forEach(unit -> {
            unit.beat();
            await().atMost(PATIENCE).until(() -> isUpOrHeldOut(unit));
        });

        assertThat(all.stream().filter(u -> u.state() == UnitState.UP)).hasSizeGreaterThan(1);
    }

    private static boolean isUpOrHeldOut(RestUnit unit) {
        UnitRow row = registry.bean(FleetView.class).unit(new UnitId(unit.id()));
        return row.phase() == Phase.UP || Flapping.heldOut(row);
    }

    @Test
    void ordersToStopAreNoFlaps() {
        up(unit(1));
        RestUnit deployed = up(unit(2));
        for (int i = 0; i < 4; i++) {
            deployed.drain();
            deployed.stopped();
            deployed = up(deployed.nextStart());
        }

        assertThat(logged(deployed)).doesNotContain("held-out");
    }

    private RestUnit unit(int number) {
        return startOf(registry, service + "-" + number).of(service);
    }

    private static RestUnit up(RestUnit unit) {
        unit.up();
        awaitState(unit, UnitState.UP);
        return unit;
    }

    private static void comesBack(RestUnit unit) {
        hangs(unit);
        unit.beat();
        awaitState(unit, UnitState.UP);
    }

    private static Instant hangs(RestUnit unit) {
        Instant before = Instant.now();
        unit.beat(SelfCheck.UNANSWERED);
        awaitState(unit, UnitState.DOWN);
        return before;
    }

    private static void awaitUpByBeats(RestUnit unit) {
        await().atMost(PATIENCE)
                .until(
                        () -> {
                            unit.beat();
                            return unit.state();
                        },
                        UnitState.UP::equals);
    }

    private static void awaitState(RestUnit unit, UnitState state) {
        await().atMost(PATIENCE).until(unit::state, state::equals);
    }

    private static Instant timeOfLast(RestUnit unit) {
        return database.jdbc()
                .sql("SELECT max(at) FROM change_log WHERE unit_id = ?")
                .param(unit.id())
                .query(Instant.class)
                .single();
    }

    private static List<String> logged(RestUnit unit) {
        return database.logged(unit.id());
    }
}
