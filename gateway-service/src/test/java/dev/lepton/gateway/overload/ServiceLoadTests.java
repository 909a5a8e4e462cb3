package dev.lepton.gateway.overload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.gateway.settings.GatewaySettings.LimitSettings;
import dev.lepton.gateway.settings.Priority;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ServiceLoadTests {

    private static final int UNITS = 2;

    private long now = -Duration.ofSeconds(2).toNanos();

    private ServiceLoad load(LimitSettings settings) {
        return new ServiceLoad(settings, now);
    }

    private static LimitSettings limits(int initial, int service) {
        return new LimitSettings(true, initial, 10, 1000, 2, service);
    }

    private static void begin(ServiceLoad load, int requests) {
        IntStream.range(0, requests).forEach(i -> load.begin());
    }

    @Test
    void requestsAreLetInByPriority() {
        ServiceLoad load = load(limits(50, 1000));

        begin(load, 49);
        assertThat(load.admits(Priority.LOW, UNITS)).isTrue();
        begin(load, 1);
        assertThat(load.admits(Priority.LOW, UNITS)).isFalse();
        begin(load, 39);
        assertThat(load.admits(Priority.NORMAL, UNITS)).isTrue();
        begin(load, 1);
        assertThat(load.admits(Priority.NORMAL, UNITS)).isFalse();
        begin(load, 9);
        assertThat(load.admits(Priority.HIGH, UNITS)).isTrue();
        begin(load, 1);
        assertThat(load.admits(Priority.HIGH, UNITS)).isFalse();
        load.end();
        assertThat(load.admits(Priority.HIGH, UNITS)).isTrue();
    }

    @Test
    void limitFollowsTheNumberOfUnitsAtOnce() {
        ServiceLoad load = load(limits(50, 1000));

        assertThat(load.limit(4)).isEqualTo(200);
        assertThat(load.limit(1)).isEqualTo(50);
        // Requests that wait for a unit to come back have a bound of their own.
        assertThat(load.limit(0)).isEqualTo(50);
    }

    @Test
    void serviceHasALimitHoweverManyUnitsItHas() {
        assertThat(load(limits(50, 60)).limit(UNITS)).isEqualTo(60);
        assertThat(load(new LimitSettings(false, 50, 10, 1000, 2, 60)).limit(UNITS)).isEqualTo(60);
    }

    /** As many as may wait do, and answers take so long. */
    private void second(ServiceLoad load, Duration answer) {
        int more = load.limit(UNITS) - load.waiting();
        IntStream.range(0, Math.max(0, more)).forEach(i -> load.begin());
        IntStream.range(0, Math.max(0, -more)).forEach(i -> load.end());
        now += Duration.ofSeconds(1).toNanos();
        IntStream.range(0, 10).forEach(i -> load.answered(answer.toNanos(), UNITS, now));
    }

    @Test
    void limitFallsWhileAnswersTakeLongerThanUsualAndRisesAfterwards() {
        ServiceLoad load = load(limits(200, 2000));
        second(load, Duration.ofMillis(10));

        IntStream.range(0, 20).forEach(i -> second(load, Duration.ofMillis(100)));
        int fallen = load.limit(UNITS);
        assertThat(fallen).isLessThan(200);

        IntStream.range(0, 60).forEach(i -> second(load, Duration.ofMillis(10)));
        assertThat(load.limit(UNITS)).isGreaterThan(2 * fallen);
    }

    @Test
    void limitThatDoesNotAdaptStays() {
        ServiceLoad load = load(new LimitSettings(false, 50, 10, 1000, 2, 100));
        second(load, Duration.ofMillis(10));

        IntStream.range(0, 20).forEach(i -> second(load, Duration.ofSeconds(1)));

        assertThat(load.limit(UNITS)).isEqualTo(100);
    }

    @Test
    void fewAnswersAreGatheredOverSeveralSeconds() {
        ServiceLoad load = load(limits(200, 2000));
        second(load, Duration.ofMillis(10));
        int before = load.limit(UNITS);
        begin(load, before);
        for (int i = 0; i < 9; i++) {
            now += Duration.ofSeconds(1).toNanos();
            load.answered(Duration.ofSeconds(1).toNanos(), UNITS, now);
        }
        assertThat(load.limit(UNITS)).isEqualTo(before);

        now += Duration.ofSeconds(1).toNanos();
        load.answered(Duration.ofSeconds(1).toNanos(), UNITS, now);

        assertThat(load.limit(UNITS)).isLessThan(before);
    }
}
