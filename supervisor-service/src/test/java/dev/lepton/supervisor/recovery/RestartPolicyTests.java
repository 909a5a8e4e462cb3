package dev.lepton.supervisor.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.policy.RestartType;
import dev.lepton.supervisor.recovery.RestartPolicy.Decision;
import dev.lepton.supervisor.recovery.RestartPolicy.GiveUp;
import dev.lepton.supervisor.recovery.RestartPolicy.Leave;
import dev.lepton.supervisor.recovery.RestartPolicy.Restart;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RestartPolicyTests {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final Duration NEVER_READY = Duration.ZERO;

    private final RestartPolicy policy = of(RestartType.PERMANENT);

    static Stream<Arguments> endsAndDecisions() {
        return Stream.of(
                Arguments.of(RestartType.PERMANENT, 0, Restart.class),
                Arguments.of(RestartType.PERMANENT, 1, Restart.class),
                Arguments.of(RestartType.PERMANENT, null, Restart.class),
                Arguments.of(RestartType.PERMANENT, 78, GiveUp.class),
                Arguments.of(RestartType.TRANSIENT, 0, Leave.class),
                Arguments.of(RestartType.TRANSIENT, 1, Restart.class),
                Arguments.of(RestartType.TRANSIENT, null, Restart.class),
                Arguments.of(RestartType.TRANSIENT, 78, GiveUp.class),
                Arguments.of(RestartType.TEMPORARY, 0, Leave.class),
                Arguments.of(RestartType.TEMPORARY, 1, Leave.class),
                Arguments.of(RestartType.TEMPORARY, null, Leave.class),
                Arguments.of(RestartType.TEMPORARY, 78, Leave.class));
    }

    @ParameterizedTest
    @MethodSource("endsAndDecisions")
    void typeAndExitCodeSayWhetherAUnitIsStartedAgain(
            RestartType type, Integer exitCode, Class<? extends Decision> expected) {
        Decision decision = of(type).decide(end(exitCode), List.of(), 0, NOW, half());

        assertThat(decision).isInstanceOf(expected);
    }

    @ParameterizedTest(name = "{0} restarts just now and {1} hours ago, exit code {2}")
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            textBlock =
                    """
                    0 | 0  | 137 | -
                    3 | 0  | 137 | -
                    4 | 0  | 137 | the next failure of its own would not be recovered: it ended; 5 restarts within PT1M, the limit is 5
                    5 | 0  | 137 | it would not be started again: it ended; 5 restarts within PT1M, the limit is 5
                    0 | 18 | 137 | -
                    0 | 19 | 137 | the next failure of its own would not be recovered: it ended; 20 restarts within PT6H, the limit is 20
                    0 | 20 | 137 | it would not be started again: it ended; 20 restarts within PT6H, the limit is 20
                    0 | 0  | 78  | it would not be started again: it ended is not retried
                    """)
    void failureMayBeProvokedOnlyIfItAndTheNextOneAreRecovered(
            int justNow, int anHourAgo, int exitCode, String objection) {
        List<Instant> earlier =
                Stream.concat(
                                Stream.generate(() -> NOW.minusSeconds(5)).limit(justNow),
                                Stream.generate(() -> NOW.minusSeconds(3600)).limit(anHourAgo))
                        .toList();

        assertThat(
                        RestartPolicy.ORDINARY.objection(
                                new End(exitCode, "it ended", Duration.ofHours(1)), earlier, NOW))
                .isEqualTo(objection);
    }

    @Test
    void theFirstRestartIsAtOnce() {
        assertThat(policy.decide(end(1), List.of(), 0, NOW, always(0.999)))
                .isEqualTo(new Restart(1, Duration.ZERO));
    }

    @ParameterizedTest
    @CsvSource({"1, 500", "2, 1000", "3, 2000", "4, 4000"})
    void laterRestartsWaitUpToTwiceAsLongEachTime(int earlier, long longestMillis) {
        List<Instant> restarts = Stream.generate(() -> NOW.minusSeconds(5)).limit(earlier).toList();

        assertThat(delay(restarts, 0)).isZero();
        assertThat(delay(restarts, 0.5)).isEqualTo(Duration.ofMillis(longestMillis / 2));
        assertThat(delay(restarts, 0.999))
                .isBetween(
                        Duration.ofMillis(longestMillis).multipliedBy(99).dividedBy(100),
                        Duration.ofMillis(longestMillis));
    }

    @ParameterizedTest
    @CsvSource({"7, 30000", "50, 30000", "100000, 30000"})
    void theLongestDelayIsATrueUpperBound(int series, long longestMillis) {
        assertThat(policy.longestDelay(series)).isEqualTo(Duration.ofMillis(longestMillis));
    }

    @Test
    void asManyRestartsAsTheIntensityWithinThePeriodAreTheLimit() {
        List<Instant> four = List.of(ago(59), ago(40), ago(30), ago(20));
        List<Instant> five = List.of(ago(59), ago(40), ago(30), ago(20), ago(10));

        assertThat(policy.decide(end(1), four, four.size(), NOW, half()))
                .isInstanceOf(Restart.class);
        assertThat(policy.decide(end(1), five, five.size(), NOW, half()))
                .isEqualTo(new GiveUp("exit code 1; 5 restarts within PT1M, the limit is 5", true));
    }

    @Test
    void aRestartThatIsExactlyOnePeriodOldNoLongerCounts() {
        List<Instant> restarts = List.of(ago(60), ago(40), ago(30), ago(20), ago(10));

        assertThat(policy.decide(end(1), restarts, restarts.size(), NOW, half()))
                .isInstanceOf(Restart.class);
        assertThat(policy.recent(restarts, NOW)).isEqualTo(4);
        assertThat(policy.recent(restarts, NOW.minusNanos(1))).isEqualTo(5);
    }

    @Test
    void restartsOlderThanThePeriodStillLengthenTheDelay() {
        List<Instant> slowFlapping = List.of(ago(1800), ago(1200), ago(600));

        assertThat(delay(slowFlapping, 0.5)).isEqualTo(Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @CsvSource({"599, 3", "600, 1", "601, 1"})
    void tenGoodMinutesBeginTheSeriesAnew(long goodSeconds, int attempt) {
        End end = new End(1, "exit code 1", Duration.ofSeconds(goodSeconds));

        Restart restart =
                (Restart) policy.decide(end, List.of(ago(1300), ago(1200)), 2, NOW, half());

        assertThat(restart.attempt()).isEqualTo(attempt);
    }

    @Test
    void aCrashLoopTooSlowForTheFirstLimitMeetsTheSecond() {
        List<Instant> twentyInSixHours =
                IntStream.rangeClosed(1, 20).mapToObj(n -> ago(n * 1079L)).toList();
        List<Instant> theOldestHasLeft =
                Stream.concat(
                                twentyInSixHours.stream().limit(19),
                                Stream.of(NOW.minus(Duration.ofHours(6))))
                        .toList();

        assertThat(policy.decide(end(1), twentyInSixHours, 1, NOW, half()))
                .isEqualTo(
                        new GiveUp("exit code 1; 20 restarts within PT6H, the limit is 20", true));
        assertThat(policy.decide(end(1), theOldestHasLeft, 1, NOW, half()))
                .isInstanceOf(Restart.class);
    }

    @Test
    void anEndThatIsNotRetriedIsNotTriedLaterEither() {
        assertThat(policy.decide(end(78), List.of(), 0, NOW, half()))
                .isEqualTo(new GiveUp("exit code 78 is not retried", false));
    }

    @Test
    void anIntensityOfZeroNeverRestarts() {
        RestartPolicy none =
                new RestartPolicy(
                        RestartType.PERMANENT,
                        0,
                        Duration.ofSeconds(60),
                        20,
                        Duration.ofHours(6),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(10),
                        Set.of());

        assertThat(none.decide(end(1), List.of(), 0, NOW, half())).isInstanceOf(GiveUp.class);
    }

    private Duration delay(List<Instant> earlier, double chance) {
        return ((Restart) policy.decide(end(1), earlier, earlier.size(), NOW, always(chance)))
                .delay();
    }

    private static RestartPolicy of(RestartType type) {
        RestartPolicy ordinary = RestartPolicy.ORDINARY;
        return new RestartPolicy(
                type,
                ordinary.intensity(),
                ordinary.period(),
                ordinary.longIntensity(),
                ordinary.longPeriod(),
                ordinary.firstDelay(),
                ordinary.maxDelay(),
                ordinary.resetAfter(),
                ordinary.exitCodesNotRetried());
    }

    private static End end(Integer exitCode) {
        return new End(
                exitCode, exitCode == null ? "signal 9" : "exit code " + exitCode, NEVER_READY);
    }

    private static Instant ago(long seconds) {
        return NOW.minusSeconds(seconds);
    }

    private static RandomGenerator half() {
        return always(0.5);
    }

    private static RandomGenerator always(double chance) {
        return new RandomGenerator() {
            @Override
            public long nextLong() {
                return 0;
            }

            @Override
            public double nextDouble() {
                return chance;
            }
        };
    }
}
