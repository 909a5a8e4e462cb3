package dev.lepton.gateway.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.client.unit.UnitView;
import dev.lepton.client.watch.Fleet;
import dev.lepton.client.watch.Position;
import dev.lepton.gateway.StubUnit;
import dev.lepton.gateway.balancing.BalancerKind;
import dev.lepton.gateway.balancing.Balancings;
import dev.lepton.gateway.balancing.SlowStart;
import dev.lepton.gateway.breaker.BreakerState;
import dev.lepton.gateway.breaker.SomeBreakers;
import dev.lepton.gateway.overload.ServiceLoad;
import dev.lepton.gateway.routing.RoutingTables;
import dev.lepton.gateway.routing.TrackedUnit;
import dev.lepton.gateway.settings.GatewaySettings.LimitSettings;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttemptTests {

    private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(1);
    private static final long MILLI = 1_000_000;

    private long now = Duration.ofHours(1).toNanos();
    private final TrackedUnit unit = tracked();
    private final ServiceLoad load =
            new ServiceLoad(new LimitSettings(true, 10, 10, 10, 2, 10), now);

    private TrackedUnit tracked() {
        RoutingTables tables =
                new RoutingTables(
                        SomeBreakers.at(() -> now),
                        SlowStart.OFF,
                        service -> Balancings.plain(BalancerKind.LEAST_LOADED),
                        () -> now,
                        unit -> {},
                        (before, after) -> {});
        UnitView view = StubUnit.view("worker-1", "worker", 9000, UnitState.UP, 1);
        tables.show(new Fleet(new Position("c", 1), Map.of(view.unitId(), view), Map.of()));
        return Objects.requireNonNull(tables.current().tracked().get(new UnitId("worker-1")));
    }

    /** An attempt that has taken this long by now. */
    private Attempt taking(Duration rtt) {
        return taking(rtt, false);
    }

    private Attempt taking(Duration rtt, boolean probe) {
        return new Attempt(
                unit, probe, now - rtt.toNanos(), () -> 1000, load, gone -> {}, (from, head) -> {});
    }

    private void answer(int times, int status) {
        for (int i = 0; i < times; i++) {
            Attempt attempt = taking(Duration.ofMillis(1));
            attempt.judgeAnswer(status, now, ATTEMPT_TIMEOUT);
            attempt.judgeServed();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504, 507, 599})
    void answersThatSayThatTheUnitFailedCountAgainstIt(int status) {
        answer(5, status);

        assertThat(unit.breaker().closed()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 404, 429, 499, 501, 505})
    void answersThatSayOnlySomethingOfTheRequestDoNot(int status) {
        answer(20, status);

        assertThat(unit.breaker().closed()).isTrue();
        assertThat(unit.latencyNanos(now)).isEqualTo(MILLI);
    }

    @Test
    void unitThatBreaksNineOfTenResponsesIsLeftAlone() {
        answer(1, 200);
        for (int i = 0; i < 9; i++) {
            Attempt attempt = taking(Duration.ofMillis(1));
            attempt.judgeAnswer(200, now, ATTEMPT_TIMEOUT);
            attempt.judgeFailed(now, ATTEMPT_TIMEOUT);
        }

        assertThat(unit.breaker().closed()).isFalse();
    }

    @Test
    void probeWhoseResponseBreaksOffDoesNotCloseTheBreaker() {
        answer(5, 500);
        now += Duration.ofSeconds(3).toNanos();
        assertThat(unit.breaker().tryProbe(true)).isTrue();

        Attempt probe = taking(Duration.ofMillis(1), true);
        probe.judgeAnswer(200, now, ATTEMPT_TIMEOUT);
        assertThat(unit.breaker().closed()).isFalse();
        probe.judgeFailed(now, ATTEMPT_TIMEOUT);

        assertThat(unit.breaker().state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void failureMakesTheUnitAsSlowAsAnAttemptThatTimedOut() {
        answer(1, 500);

        assertThat(unit.latencyNanos(now)).isEqualTo(ATTEMPT_TIMEOUT.toNanos());
    }

    @Test
    void failureThatTookLongerThanThatMakesItAsSlowAsItWas() {
        taking(Duration.ofSeconds(3)).judgeAnswer(503, now, ATTEMPT_TIMEOUT);

        assertThat(unit.latencyNanos(now)).isEqualTo(3000.0 * MILLI);
    }

    @Test
    void brokenConnectionMakesTheUnitSlowAsWell() {
        taking(Duration.ofMillis(1)).judgeFailed(now, ATTEMPT_TIMEOUT);

        assertThat(unit.latencyNanos(now)).isEqualTo(ATTEMPT_TIMEOUT.toNanos());
    }

    /** An attempt that timed out, and its unit has answered nobody since it began. */
    private Attempt silent() {
        now += 2 * ATTEMPT_TIMEOUT.toNanos();
        return taking(ATTEMPT_TIMEOUT);
    }

    @Test
    void lateAnswerOfAUnitThatOnlyWasSilentClosesItsBreaker() {
        Attempt slow = silent();
        slow.judgeTimeout(now, true);
        assertThat(unit.breaker().closed()).isFalse();

        now += ATTEMPT_TIMEOUT.toNanos();
        slow.judgeAnswer(200, now, ATTEMPT_TIMEOUT);
        slow.judgeServed();

        assertThat(unit.breaker().closed()).isTrue();
    }

    @Test
    void attemptIsSilentOnceHoweverOftenItTimesOut() {
        Attempt first = silent();
        first.judgeTimeout(now, false);
        first.judgeTimeout(now, false);
        Attempt second = silent();
        second.judgeTimeout(now, false);
        second.judgeTimeout(now, false);

        assertThat(unit.breaker().closed()).isTrue();
        silent().judgeTimeout(now, false);
        assertThat(unit.breaker().closed()).isFalse();
    }

    @Test
    void silenceThatEndsInAFailureIsHeldAgainstTheUnitOnce() {
        // The fifth answer is the first that a share of failures is taken of.
        for (int i = 0; i < 2; i++) {
            Attempt silent = silent();
            silent.judgeTimeout(now, false);
            silent.judgeFailed(now, ATTEMPT_TIMEOUT);
        }
        answer(1, 500);

        assertThat(unit.breaker().closed()).isTrue();
    }

    @Test
    void failureWhoseResponseBreaksOffAsWellIsHeldAgainstTheUnitOnce() {
        for (int i = 0; i < 4; i++) {
            Attempt failed = taking(Duration.ofMillis(1));
            failed.judgeAnswer(500, now, ATTEMPT_TIMEOUT);
            failed.judgeFailed(now, ATTEMPT_TIMEOUT);
        }
        assertThat(unit.breaker().closed()).isTrue();

        answer(1, 500);
        assertThat(unit.breaker().closed()).isFalse();
    }

    @Test
    void silenceProvenByAnotherUnitCountsAfterTheTimeoutThatProvedNothing() {
        Attempt silent = silent();
        silent.judgeTimeout(now, false);

        silent.judgeTimeout(now, true);

        assertThat(unit.breaker().closed()).isFalse();
    }
}
