package dev.lepton.supervisor.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.policy.RestartStrategy;
import dev.lepton.client.policy.RestartType;
import dev.lepton.client.unit.UnitState;
import dev.lepton.supervisor.declaration.Beating;
import dev.lepton.supervisor.recovery.RestartPolicy;
import dev.lepton.supervisor.recovery.UnitPolicy;
import dev.lepton.supervisor.runtime.Exit;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the documentation of the OTP supervisor says of its children, asked of units. Where OTP
 * escalates to the supervisor above, a unit is quarantined.
 */
class OtpTests extends SupervisionScene {

    /** OTP's own defaults: one restart in five seconds. */
    private static final Duration PERIOD = Duration.ofSeconds(5);

    /**
     * Which of three children run anew after the second has ended, by "permanent child processes".
     */
    @ParameterizedTest(name = "{0}, {1}, exit code {2}: started again are {3}")
    @CsvSource({
        "ONE_FOR_ONE,  PERMANENT, 0, 2",
        "ONE_FOR_ONE,  PERMANENT, 1, 2",
        "ONE_FOR_ONE,  TRANSIENT, 0, ''",
        "ONE_FOR_ONE,  TRANSIENT, 1, 2",
        "ONE_FOR_ONE,  TEMPORARY, 0, ''",
        "ONE_FOR_ONE,  TEMPORARY, 1, ''",
        "ONE_FOR_ALL,  PERMANENT, 0, 1 2 3",
        "ONE_FOR_ALL,  PERMANENT, 1, 1 2 3",
        "ONE_FOR_ALL,  TRANSIENT, 0, ''",
        "ONE_FOR_ALL,  TRANSIENT, 1, 1 2 3",
        "ONE_FOR_ALL,  TEMPORARY, 1, ''",
        "REST_FOR_ONE, PERMANENT, 0, 2 3",
        "REST_FOR_ONE, PERMANENT, 1, 2 3",
        "REST_FOR_ONE, TRANSIENT, 0, ''",
        "REST_FOR_ONE, TRANSIENT, 1, 2 3",
        "REST_FOR_ONE, TEMPORARY, 1, ''",
    })
    void typeAndStrategySayWhoIsStartedAgain(
            RestartStrategy strategy, RestartType type, int exitCode, String startedAgain) {
        declare("web", Beating.NONE, 3, policy(strategy, type, 1));
        begin();
        List.of("web-1", "web-2", "web-3").forEach(this::ready);
        runtime.calls.clear();

        crash("web-2", new Exit(exitCode, null));
        time.run();
        answers("web-2");
        time.advance(Duration.ofSeconds(3));

        assertThat(runtime.calls.stream().filter(call -> call.startsWith("start")))
                .containsExactlyElementsOf(
                        startedAgain.isEmpty()
                                ? List.of()
                                : List.of(startedAgain.split(" ")).stream()
                                        .map(number -> "start web-" + number)
                                        .toList());
    }

    @Test
    void childrenAreStartedFromLeftToRightAndEndedFromRightToLeft() {
        declare(
                "web",
                Beating.NONE,
                3,
                policy(RestartStrategy.ONE_FOR_ALL, RestartType.PERMANENT, 1));
        begin();
        List.of("web-1", "web-2", "web-3").forEach(this::ready);
        runtime.calls.clear();

        crash("web-1", new Exit(1, null));
        time.run();
        answers("web-1");
        time.advance(Duration.ofSeconds(1));

        assertThat(runtime.calls)
                .containsExactly(
                        "SIGTERM web-3",
                        "SIGTERM web-2",
                        "start web-1",
                        "start web-2",
                        "start web-3");
    }

    /** "If more than MaxR restarts occur in the last MaxT seconds" the child is given up. */
    @ParameterizedTest(name = "at most {0} in 5 s, one each {1} s: {2} restarts, then {3}")
    @CsvSource({
        "0, 1, 0, QUARANTINED",
        "1, 4, 1, QUARANTINED",
        "1, 6, 9, UP",
        "3, 1, 3, QUARANTINED",
        "3, 2, 9, UP",
    })
    void moreRestartsThanTheIntensityWithinThePeriodAreTooMany(
            int intensity, int everySeconds, int restarts, UnitState end) {
        declare(
                "web",
                Beating.NONE,
                2,
                policy(RestartStrategy.ONE_FOR_ONE, RestartType.PERMANENT, intensity));
        begin();
        ready("web-1");
        ready("web-2");

        for (int i = 0; i < 9 && state("web-1") != UnitState.QUARANTINED; i++) {
            crash("web-1", new Exit(1, null));
            time.run();
            if (state("web-1") != UnitState.QUARANTINED) {
                answers("web-1");
                time.advance(Duration.ofSeconds(everySeconds));
            }
        }

        assertThat(status("web-1").restarts()).isEqualTo(restarts);
        assertThat(state("web-1")).isEqualTo(end);
        assertThat(state("web-2")).isEqualTo(UnitState.UP);
    }

    @Test
    void aChildThatEndsWhileItIsBeingStoppedHasNotFailed() {
        declare(
                "web",
                Beating.NONE,
                1,
                policy(RestartStrategy.ONE_FOR_ONE, RestartType.PERMANENT, 1));
        begin();
        ready("web");

        supervision.stop(status("web").id(), "terminate_child");
        time.run();

        assertThat(state("web")).isEqualTo(UnitState.STOPPED);
        assertThat(status("web").restarts()).isZero();
    }

    /** "brutal_kill" is what follows a shutdown that took longer than its time. */
    @Test
    void aChildThatDoesNotEndInItsShutdownTimeIsKilled() {
        declare(
                "web",
                Beating.NONE,
                1,
                policy(RestartStrategy.ONE_FOR_ONE, RestartType.PERMANENT, 1));
        begin();
        ready("web");
        runtime.obedient = false;
        runtime.calls.clear();

        supervision.stop(status("web").id(), "terminate_child");
        time.advance(Duration.ofSeconds(20));

        assertThat(runtime.calls).containsExactly("SIGTERM web", "SIGKILL web");
    }

    /** OTP has no delays; here those are as short as can be. */
    private static UnitPolicy policy(RestartStrategy strategy, RestartType type, int intensity) {
        return new UnitPolicy(
                new RestartPolicy(
                        type,
                        intensity,
                        PERIOD,
                        100,
                        Duration.ofDays(7),
                        Duration.ofMillis(1),
                        Duration.ofMillis(1),
                        Duration.ofMinutes(10),
                        Set.of()),
                strategy,
                null,
                null,
                null,
                Duration.ofMinutes(15),
                false);
    }
}
