package dev.lepton.platform.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.unit.UnitState;
import dev.lepton.platform.running.Bounds;
import dev.lepton.platform.running.LongRun;
import dev.lepton.platform.running.Machines;
import dev.lepton.platform.running.OnSharedPlatform;
import dev.lepton.platform.running.Platform;
import dev.lepton.platform.running.Signals;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * 200 GETs and 20 POSTs a second through two gateways to three units, one fault at a time. No GET
 * fails before its answer has begun, and no POST that was sent is sent again, which the units'
 * books tell. Faults come to another unit each time, because one that has just come back has little
 * to lose.
 */
@OnSharedPlatform
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TwoGatewaysIT {

    private static final Duration LIMIT = Duration.ofSeconds(120);

    /** How long what does not end by itself lasts. */
    private static final Duration FAULT =
            Bounds.length(Duration.ofSeconds(10), Duration.ofMillis(2_500));

    /** Longer than an attempt may take, and shorter than a lease. */
    private static final Duration STANDSTILL = Duration.ofSeconds(2);

    /** Each gateway judges twenty answers, and asks again now and then. */
    private static final int MOST_500S = 40;

    private static TwoGateways system;

    @BeforeAll
    static void start(Platform platform, @TempDir Path folder) throws IOException {
        system = new TwoGateways(platform, folder);
        system.awaitReady();
    }

    @AfterAll
    static void stop() throws Exception {
        if (system != null) {
            system.close();
        }
    }

    @Test
    @Order(1)
    void withoutAFaultNothingFails() throws Exception {
        OrdersTrial.run(system, "control run", trial -> {}).nothingFailed();
    }

    @Test
    @Order(2)
    void aKilledUnitCostsNoGetAndTheOrdersThatItHad() throws Exception {
        OrdersTrial.Result result =
                OrdersTrial.run(
                        system,
                        "kill -9 of one unit of three",
                        trial -> {
                            long pid = system.pid("orders-2");
                            trial.faultIsNow();
                            Signals.kill(pid);
                            trial.awaitLeftAlone("orders-2");
                            trial.awaitServing("orders-2");
                            trial.faultIsOver();
                        });

        result.noGetFailed();
        result.lostOrdersWereWithTheUnit();
    }

    @Test
    @Order(3)
    void aFrozenUnitCostsNoGetUntilItIsReplaced() throws Exception {
        OrdersTrial.Result result =
                OrdersTrial.run(
                        system,
                        "SIGSTOP of one unit of three",
                        trial -> {
                            trial.faultIsNow();
                            Signals.stop(system.pid("orders-3"));
                            trial.awaitLeftAlone("orders-3");
                            trial.awaitServing("orders-3");
                            trial.faultIsOver();
                        });

        result.noGetFailed();
        result.lostOrdersWereWithTheUnit();
        result.slowestOfAThousandGetsMeanwhile(Duration.ofSeconds(1));
    }

    /** Its supervisor stands still with it; else it would end what it sees stopped. */
    @Test
    @Order(4)
    void aUnitThatStandsStillForAWhileTakesEachOrderOnceWhenItGoesOn() throws Exception {
        long pid = system.pid("orders-1");

        OrdersTrial.Result result =
                OrdersTrial.run(
                        system,
                        "SIGSTOP and SIGCONT of one unit of three",
                        trial -> {
                            long supervisor = system.node().supervisor().pid();
                            try (Frozen _ = Frozen.of(supervisor)) {
                                trial.faultIsNow();
                                try (Frozen _ = Frozen.of(pid)) {
                                    Trial.pause(STANDSTILL);
                                }
                            }
                            trial.faultIsOver();
                        });

        result.nothingFailed();
        result.slowestOfAThousandGetsMeanwhile(Duration.ofSeconds(1));
        assertThat(system.pid("orders-1")).isEqualTo(pid);
    }

    @Test
    @Order(5)
    void connectionsThatAreResetCostNoGet() throws Exception {
        Machines.areRequired();
        int port = system.address("orders-2").port();

        OrdersTrial.Result result =
                OrdersTrial.run(
                        system,
                        "all connections to one unit of three reset, five times",
                        trial -> {
                            trial.faultIsNow();
                            for (int i = 0; i < 5; i++) {
                                // There are none for a moment when the unit is left alone.
                                system.platform()
                                        .awaitWithin(
                                                LIMIT,
                                                () -> system.machine().resetConnections(port) > 0);
                                Trial.pause(Duration.ofMillis(200));
                            }
                            trial.faultIsOver();
                        });

        result.noGetFailed();
        result.lostOrdersWereWithTheUnit();
    }

    @Test
    @Order(6)
    void aUnitThatNoPacketReachesCostsNoGet() throws Exception {
        Machines.areRequired();
        int port = system.address("orders-3").port();

        OrdersTrial.Result result =
                OrdersTrial.run(
                        system,
                        "all packets of one unit of three dropped",
                        trial -> {
                            trial.faultIsNow();
                            system.machine().blackhole(port);
                            goesOnAndIsUndone(trial, "orders-3");
                        });

        result.noGetFailed();
        result.lostOrdersWereWithTheUnit();
        result.slowestOfAThousandGetsMeanwhile(Duration.ofMillis(1_500));
    }

    @Test
    @Order(7)
    void connectionsThatAUnitHasForgottenCostNoGet() throws Exception {
        Machines.areRequired();
        int port = system.address("orders-1").port();

        OrdersTrial.Result result =
                OrdersTrial.run(
                        system,
                        "connections of one unit of three half open",
                        trial -> {
                            trial.faultIsNow();
                            assertThat(system.machine().forgetConnections(port)).isPositive();
                            goesOnAndIsUndone(trial, "orders-1");
                        });

        result.noGetFailed();
        result.lostOrdersWereWithTheUnit();
    }

    private static void goesOnAndIsUndone(OrdersTrial trial, String unit) {
        long dropped;
        try {
            Trial.pause(FAULT);
        } finally {
            dropped = system.machine().letThrough();
        }
        trial.faultIsOver();
        assertThat(dropped).as("dropped packets").isPositive();
        trial.awaitServing(unit);
    }

    @LongRun
    @Test
    @Order(8)
    void aUnitThatIsTenTimesAsSlowGetsLessToDo() throws Exception {
        OrdersTrial.Result result =
                OrdersTrial.run(
                        system,
                        "one unit of three ten times as slow",
                        trial -> {
                            trial.faultIsNow();
                            system.have("orders-2", 200, 10, FAULT);
                            Trial.pause(FAULT);
                            trial.faultIsOver();
                        });

        result.nothingFailed();
        assertThat(result.shareOf("orders-2")).as("share of the slow unit").isLessThan(1.0 / 4);
    }

    /** Of another unit each, because one that has just erred is asked less. */
    @Test
    @Order(9)
    void burstsOf503CostNoGet() throws Exception {
        OrdersTrial.Result result =
                OrdersTrial.run(
                        system,
                        "a burst of 503 of one unit after the other",
                        trial -> {
                            Duration burst = FAULT.dividedBy(6);
                            trial.faultIsNow();
                            for (String unit : TwoGateways.UNITS) {
                                system.have(unit, 503, 1, burst);
                                Trial.pause(burst.multipliedBy(2));
                            }
                            trial.faultIsOver();
                        });

        result.noGetFailed();
        assertThat(result.getsSentAgain()).as("GETs that met a burst").isPositive();
        assertThat(result.posts().failures())
                .as("orders that a unit refused")
                .allMatch(s -> String.valueOf(s.failure()).contains("503 order-"));
    }

    /**
     * What a unit says of a request is given to who asked, but one that says it of many is asked
     * less at once, and left alone when it says it of every one.
     */
    @LongRun
    @Test
    @Order(10)
    void aUnitThatAnswers500IsLeftAlone() throws Exception {
        OrdersTrial.Result result =
                OrdersTrial.run(
                        system,
                        "a burst of 500 of one unit of three",
                        trial -> {
                            trial.faultIsNow();
                            system.have("orders-1", 500, 1, LIMIT);
                            trial.awaitLeftAlone("orders-1");
                            system.have("orders-1", 200, 1, LIMIT);
                            trial.faultIsOver();
                        });

        int failed = result.gets().failures().size() + result.posts().failures().size();
        System.out.println("  answered 500: " + failed);
        assertThat(result.gets().failures())
                .isNotEmpty()
                .allMatch(s -> String.valueOf(s.failure()).contains("500 "));
        assertThat(failed).isLessThanOrEqualTo(MOST_500S);
    }

    @LongRun
    @Test
    @Order(11)
    void aRegistryThatStandsStillCostsNothingAndEvictsNobody() throws Exception {
        Platform platform = system.platform();
        List<Long> incarnations = system.incarnations();

        OrdersTrial.Result result =
                OrdersTrial.run(
                        system,
                        "the registry stands still",
                        trial -> {
                            long registry = platform.unit("registry").livePid();
                            try (Frozen _ = Frozen.of(platform.supervisor().pid())) {
                                trial.faultIsNow();
                                try (Frozen _ = Frozen.of(registry)) {
                                    Trial.pause(FAULT);
                                }
                            }
                            trial.faultIsOver();
                        });

        result.nothingFailed();
        assertThat(system.incarnations()).isEqualTo(incarnations);
        assertThat(incarnations).hasSize(TwoGateways.UNITS.size());
    }

    @Test
    @Order(12)
    void aGatewayThatIsRestartedInOrderCostsNothing() throws Exception {
        OrdersTrial.run(
                        system,
                        "graceful restart of one gateway of two",
                        trial -> {
                            long pid = system.platform().unit("gateway").livePid();
                            trial.faultIsNow();
                            system.platform().ask("restart", "gateway");
                            awaitSuccessor(pid);
                            trial.faultIsOver();
                        })
                .nothingFailed();
    }

    @LongRun
    @Test
    @Order(13)
    void aKilledGatewayCostsWhatItHadInFlight() throws Exception {
        long[] killedAt = new long[1];

        OrdersTrial.Result result =
                OrdersTrial.run(
                        system,
                        "kill -9 of one gateway of two",
                        trial -> {
                            long pid = system.platform().unit("gateway").livePid();
                            ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
                            trial.faultIsNow();
                            Signals.kill(pid);
                            system.platform().awaitWithin(LIMIT, () -> !process.isAlive());
                            killedAt[0] = System.nanoTime();
                            awaitSuccessor(pid);
                            trial.faultIsOver();
                        });

        result.whatFailedWasInFlightAt(killedAt[0]);
    }

    private static void awaitSuccessor(long pid) {
        Platform platform = system.platform();
        platform.awaitWithin(
                LIMIT,
                () ->
                        platform.unit("gateway").livePid() != pid
                                && platform.unit("gateway").state() == UnitState.UP);
    }
}
