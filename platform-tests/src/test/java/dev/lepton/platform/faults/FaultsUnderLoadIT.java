package dev.lepton.platform.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.unit.UnitState;
import dev.lepton.platform.load.KeepAliveClient;
import dev.lepton.platform.running.Bounds;
import dev.lepton.platform.running.OnSharedPlatform;
import dev.lepton.platform.running.Platform;
import dev.lepton.platform.running.Signals;
import dev.lepton.platform.running.UnitStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** 200 GETs a second, three workers, one fault at a time. */
@OnSharedPlatform
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FaultsUnderLoadIT {

    private static final Duration RESTART_LIMIT = Duration.ofSeconds(60);
    private static final Duration START_TIME = Duration.ofSeconds(10);
    private static final Duration LONGER_THAN_THE_LEASE = Duration.ofSeconds(8);

    private static Trial.Result control;

    @Test
    @Order(1)
    void withoutAFaultNothingFails(Platform platform) throws Exception {
        control = Trial.run(platform, "control run", trial -> {});

        control.nothingFailed();
    }

    @Test
    @Order(2)
    void aKilledWorkerCostsNoRequestAndComesBack(Platform platform) throws Exception {
        Trial.Result result =
                Trial.run(
                        platform,
                        "kill -9 of one worker of three",
                        trial -> {
                            long pid = platform.unit("worker-2").livePid();
                            trial.faultIsNow();
                            Signals.kill(pid);
                            trial.awaitOutOfRouting("worker-2", RESTART_LIMIT);
                            trial.awaitServingAgain("worker-2", RESTART_LIMIT);
                            assertThat(platform.unit("worker-2").livePid()).isNotEqualTo(pid);
                        });

        result.nothingFailed();
        result.medianIsThatOf(control);
        Bounds.holds("slowest request", result.slowest(), Duration.ofSeconds(2));
        Bounds.holds("out of routing after the kill", result.outOfRouting(), Duration.ofSeconds(1));
        Bounds.holds(
                "serving again after the kill",
                result.servingAgainAfterFault("worker-2"),
                Duration.ofSeconds(20));
    }

    @Test
    @Order(3)
    void aKilledRegistryCostsNoRequestAndEvictsNobody(Platform platform) throws Exception {
        List<Long> incarnations =
                Workers.of(platform).stream().map(UnitStatus::incarnation).toList();

        Trial.Result result =
                Trial.run(
                        platform,
                        "kill -9 of the registry",
                        trial -> {
                            long pid = platform.unit("registry").livePid();
                            trial.faultIsNow();
                            Signals.kill(pid);
                            platform.awaitWithin(
                                    RESTART_LIMIT,
                                    () ->
                                            platform.unit("registry").livePid() != pid
                                                    && platform.unit("registry").state()
                                                            == UnitState.UP);
                            Trial.pause(Duration.ofSeconds(2));
                        });

        result.nothingFailed();
        result.medianIsThatOf(control);
        Bounds.holds("slowest request", result.slowest(), Duration.ofSeconds(2));
        assertThat(Workers.of(platform).stream().map(UnitStatus::incarnation))
                .isEqualTo(incarnations);
    }

    @Test
    @Order(4)
    void aCutConnectionBetweenGatewayAndRegistryCostsNoRequest(Platform platform) throws Exception {
        Trial.Result result =
                Trial.run(
                        platform,
                        "connections from gateway to registry reset",
                        trial -> {
                            trial.faultIsNow();
                            assertThat(platform.gatewayToRegistry().cutAll()).isPositive();
                            Trial.pause(Duration.ofSeconds(3));
                        });

        result.nothingFailed();
        result.medianIsThatOf(control);
        Bounds.holds("slowest request", result.slowest(), Duration.ofSeconds(2));
        try (StubUnit unit = StubUnit.start(platform)) {
            assertThat(unit.registeredUntilAnswered("after-the-cut"))
                    .isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    @Order(5)
    void aGatewayThatStartsWhileTheRegistryIsAwayRoutesFromItsDisk(Platform platform)
            throws Exception {
        Trial.Result result =
                Trial.run(
                        platform,
                        "gateway started without a registry",
                        () -> startTheGatewayWithoutARegistry(platform),
                        trial -> {
                            trial.faultIsNow();
                            platform.ask("start", "registry");
                            platform.awaitWithin(
                                    RESTART_LIMIT,
                                    () -> platform.unit("registry").state() == UnitState.UP);
                            Trial.pause(Duration.ofSeconds(2));
                        });

        result.nothingFailed();
        result.medianIsThatOf(control);
        Bounds.holds("slowest request", result.slowest(), Duration.ofSeconds(2));
    }

    private static void startTheGatewayWithoutARegistry(Platform platform) throws IOException {
        platform.awaitReady();
        platform.ask("stop", "registry");
        platform.awaitWithin(
                RESTART_LIMIT, () -> platform.unit("registry").state() == UnitState.STOPPED);
        long before = platform.unit("gateway").livePid();
        platform.ask("restart", "gateway");
        platform.awaitWithin(
                RESTART_LIMIT,
                () ->
                        platform.unit("gateway").livePid() != before
                                && platform.unit("gateway").state() == UnitState.UP);
    }

    @Test
    @Order(6)
    void aWorkerThatIsStoppedInOrderCostsNoRequest(Platform platform) throws Exception {
        Trial.Result result =
                Trial.run(
                        platform,
                        "graceful stop of one worker",
                        trial -> {
                            trial.faultIsNow();
                            platform.ask("stop", "worker-1");
                            trial.awaitOutOfRouting("worker-1", RESTART_LIMIT);
                            platform.awaitWithin(
                                    RESTART_LIMIT,
                                    () -> platform.unit("worker-1").state() == UnitState.STOPPED);
                            platform.ask("start", "worker-1");
                            trial.awaitServingAgain("worker-1", RESTART_LIMIT);
                        });

        result.nothingFailed();
        result.medianIsThatOf(control);
        Bounds.holds("slowest request", result.slowest(), Duration.ofSeconds(2));
        Bounds.holds("out of routing after the stop", result.outOfRouting(), Duration.ofSeconds(1));
    }

    @Test
    @Order(7)
    void aFrozenWorkerCostsNoGetAndIsKilledAndComesBack(Platform platform) throws Exception {
        Trial.Result result =
                Trial.run(
                        platform,
                        "SIGSTOP of one worker",
                        trial -> {
                            trial.faultIsNow();
                            Signals.stop(platform.unit("worker-3").livePid());
                            trial.awaitOutOfRouting("worker-3", RESTART_LIMIT);
                            trial.awaitServingAgain("worker-3", RESTART_LIMIT);
                        });

        result.nothingFailed();
        result.medianIsThatOf(control);
        Bounds.holds("out of routing after SIGSTOP", result.outOfRouting(), Duration.ofSeconds(5));
        Bounds.holds(
                "serving again after SIGSTOP",
                result.servingAgainAfterFault("worker-3"),
                Duration.ofSeconds(10).plus(START_TIME));
    }

    @Test
    @Order(8)
    void aKilledSupervisorComesBackToTheSameProcesses(Platform platform) throws Exception {
        List<Long> pids = platform.units().stream().map(UnitStatus::livePid).toList();

        Trial.Result result =
                Trial.run(
                        platform,
                        "kill -9 of the supervisor",
                        trial -> {
                            trial.faultIsNow();
                            platform.killAndRestartSupervisor();
                            platform.awaitReady();
                            Trial.pause(Duration.ofSeconds(2));
                        });

        result.nothingFailed();
        result.medianIsThatOf(control);
        assertThat(platform.units().stream().map(UnitStatus::livePid)).isEqualTo(pids);
    }

    @Test
    @Order(9)
    void aProgramThatKnowsNothingOfLeptonStaysAUnitWhenItsSupervisorIsKilled(Platform platform)
            throws Exception {
        UnitStatus before = platform.unit("files-1");

        Trial.Result result =
                Trial.run(
                        platform,
                        "kill -9 of the supervisor that beats for a program",
                        trial -> {
                            platform.killAndRestartSupervisor();
                            platform.awaitReady();
                            Trial.pause(LONGER_THAN_THE_LEASE);
                        });

        result.nothingFailed();
        result.medianIsThatOf(control);
        assertThat(platform.unit("files-1")).isEqualTo(before);
        try (KeepAliveClient client = platform.client()) {
            assertThat(client.get("/files/build.md").status()).isEqualTo(200);
        }
    }
}
