package dev.lepton.platform.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.incident.IncidentCause;
import dev.lepton.client.unit.UnitState;
import dev.lepton.platform.load.KeepAliveClient;
import dev.lepton.platform.load.LoadReport;
import dev.lepton.platform.load.OpenLoop;
import dev.lepton.platform.running.Bounds;
import dev.lepton.platform.running.OnSharedPlatform;
import dev.lepton.platform.running.Platform;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Workers that hang, starve, err or crash again and again, under load. */
@OnSharedPlatform
class RecoveryUnderLoadIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Duration START_TIME = Duration.ofSeconds(10);

    /** The restarts that the declaration of the tests allows. */
    private static final int DECLARED = 100;

    private static final Duration OVERLOAD =
            Bounds.length(Duration.ofSeconds(60), Duration.ofSeconds(15));

    @Test
    void aWorkerThatAcceptsAndNeverAnswersIsFoundKilledAndReplaced(Platform platform)
            throws Exception {
        hangs(platform, "hang", "worker-1");
    }

    @Test
    void aWorkerWhoseRequestThreadsAreDeadlockedIsFoundKilledAndReplaced(Platform platform)
            throws Exception {
        hangs(platform, "deadlock", "worker-2");

        long incident = platform.records().incidentsOf("worker-2").getFirst().id();
        assertThat(platform.call("GET", "/v1/incidents/" + incident, null))
                .contains("Full thread dump")
                .contains("RequestThreads.holdOneAndWantTheOther");
    }

    private static void hangs(Platform platform, String how, String unit) throws Exception {
        Trial.Result result =
                Trial.run(
                        platform,
                        how + " of one worker of three",
                        trial -> {
                            trial.faultIsNow();
                            platform.harm(unit, how);
                            trial.awaitOutOfRouting(unit, LIMIT);
                            trial.awaitServingAgain(unit, LIMIT);
                        });

        result.nothingFailed();
        Bounds.holds("out of routing", result.outOfRouting(), Duration.ofSeconds(5));
        Bounds.holds(
                "serving again",
                result.servingAgainAfterFault(unit),
                Duration.ofSeconds(10).plus(START_TIME));
        assertThat(platform.records().incidentsOf(unit).getFirst().cause())
                .isEqualTo(IncidentCause.HUNG);
    }

    @Test
    void aWorkerWithoutMemoryIsRestartedWithThatReason(Platform platform) throws Exception {
        Trial.Result result =
                Trial.run(
                        platform,
                        "leak in one worker of three",
                        trial -> {
                            long pid = platform.unit("worker-3").livePid();
                            platform.harm("worker-3", "leak");
                            platform.awaitWithin(
                                    LIMIT, () -> platform.unit("worker-3").livePid() != pid);
                            trial.awaitServingAgain("worker-3", LIMIT);
                        });

        result.nothingFailed();
        assertThat(platform.records().incidentsOf("worker-3").getFirst().cause())
                .isEqualTo(IncidentCause.OUT_OF_MEMORY);
    }

    @Test
    void overloadIsNoReasonForARestart(Platform platform) throws Exception {
        List<Long> pids = Workers.pids(platform);
        // 32 request threads for 1 s each: 32 a second each of three workers, of which 288 are
        // asked.
        for (int i = 1; i <= 3; i++) {
            platform.harm("worker-" + i, "slow?delay=PT1S&for=" + OVERLOAD.plusSeconds(5));
        }

        try (KeepAliveClient client = platform.client();
                OpenLoop load = OpenLoop.start(288, () -> Greeting.ask(client).text())) {
            Trial.pause(OVERLOAD);
            LoadReport report = load.stop();
            System.out.println("three times what three workers can take: " + report);
        }

        assertThat(Workers.pids(platform)).isEqualTo(pids);
        platform.awaitReady();
        assertThat(Workers.pids(platform)).isEqualTo(pids);
    }

    @Test
    void aWorkerThatErrsIsRoutedAroundAndNotRestarted(Platform platform) throws Exception {
        List<Long> pids = Workers.pids(platform);

        Trial.Result result =
                Trial.run(
                        platform,
                        "one worker of three answers 503",
                        trial -> {
                            trial.faultIsNow();
                            platform.harm("worker-1", "errors?ratio=1&for=PT5S");
                            Trial.pause(Duration.ofSeconds(5));
                        });

        assertThat(result.report().failures()).isEmpty();
        assertThat(Workers.pids(platform)).isEqualTo(pids);
    }

    @Test
    void aWorkerThatCrashesAgainAndAgainIsGivenUpAndTriedLater(Platform platform) throws Exception {
        platform.call(
                "PUT",
                "/v1/services/worker/policy",
                Map.of(
                        "policy",
                        Map.of("intensity", 1, "period", "PT60S", "probation", "PT20S"),
                        "reason",
                        "a test"));
        try {
            platform.awaitWithin(LIMIT, () -> platform.intensityOf("worker-2") == 1);
            crash(platform, "worker-2");
            platform.awaitWithin(LIMIT, () -> platform.unit("worker-2").state() == UnitState.UP);
            crash(platform, "worker-2");

            platform.awaitWithin(
                    LIMIT,
                    () ->
                            platform.unit("worker-2").state() == UnitState.QUARANTINED
                                    && platform.records().unit("worker-2").state()
                                            == UnitState.QUARANTINED);
            platform.awaitWithin(LIMIT, () -> platform.unit("worker-2").state() == UnitState.UP);
            platform.awaitReady();
            endTheTrial(platform, "worker-2");
        } finally {
            platform.call("PUT", "/v1/services/worker/policy", Map.of("policy", Map.of()));
            platform.awaitWithin(LIMIT, () -> platform.intensityOf("worker-2") == DECLARED);
        }
    }

    /**
     * A failure within the next minute would send it back into quarantine; an operator's restart is
     * trusted.
     */
    private static void endTheTrial(Platform platform, String unit) throws IOException {
        long onTrial = platform.unit(unit).livePid();
        platform.ask("restart", unit);
        platform.awaitWithin(
                LIMIT,
                () ->
                        platform.unit(unit).state() == UnitState.UP
                                && platform.unit(unit).livePid() != onTrial);
    }

    private static void crash(Platform platform, String unit) throws IOException {
        long pid = platform.unit(unit).livePid();
        platform.harm(unit, "crash");
        platform.awaitWithin(
                LIMIT, () -> platform.unit(unit).pid() == null || platform.unit(unit).pid() != pid);
    }
}
