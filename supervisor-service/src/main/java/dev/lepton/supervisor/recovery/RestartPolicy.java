package dev.lepton.supervisor.recovery;

import dev.lepton.client.policy.RestartType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Restart intensity as in the OTP supervisor, in two sliding windows: at most {@code intensity}
 * restarts within {@code period}, and at most {@code longIntensity} within {@code longPeriod}, else
 * give up. The short window stops a crash loop, the long one a unit that runs just long enough
 * between its crashes to pass the short one.
 *
 * <p>The first restart after a good run is at once; the n-th since then (n from 2) waits {@code
 * min(maxDelay, firstDelay * 2^(n-2)) * random[0,1)}: full jitter, so {@code maxDelay} is a true
 * upper bound.
 *
 * @param resetAfter a run that was ready for so long begins the series of delays anew
 * @param exitCodesNotRetried those that mean that another start would fail alike
 */
public record RestartPolicy(
        RestartType type,
        int intensity,
        Duration period,
        int longIntensity,
        Duration longPeriod,
        Duration firstDelay,
        Duration maxDelay,
        Duration resetAfter,
        Set<Integer> exitCodesNotRetried) {

    /** The exit code that means a bad configuration, {@code EX_CONFIG} of sysexits. */
    public static final int BAD_CONFIGURATION = 78;

    /** What a service gets whose declaration says nothing. */
    public static final RestartPolicy ORDINARY =
            new RestartPolicy(
                    RestartType.PERMANENT,
                    5,
                    Duration.ofSeconds(60),
                    20,
                    Duration.ofHours(6),
                    Duration.ofMillis(500),
                    Duration.ofSeconds(30),
                    Duration.ofMinutes(10),
                    Set.of(BAD_CONFIGURATION));

    public RestartPolicy {
        exitCodesNotRetried = Set.copyOf(exitCodesNotRetried);
    }

    /**
     * @param earlier when the unit was restarted before, in any order
     * @param series how many of them came since the last run that was good for long enough
     */
    public Decision decide(
            End end, List<Instant> earlier, int series, Instant now, RandomGenerator random) {
        if (type == RestartType.TEMPORARY || (type == RestartType.TRANSIENT && end.inOrder())) {
            return new Leave(
                    "%s; a %s unit is not restarted after it"
                            .formatted(end.what(), type.name().toLowerCase(Locale.ROOT)));
        }
        if (end.exitCode() != null && exitCodesNotRetried.contains(end.exitCode())) {
            return new GiveUp("%s is not retried".formatted(end.what()), false);
        }
        int recent = recent(earlier, now);
        if (recent >= intensity) {
            return spent(end, recent, period, intensity);
        }
        int slowly = within(longPeriod, earlier, now);
        if (slowly >= longIntensity) {
            return spent(end, slowly, longPeriod, longIntensity);
        }
        int before = startsAfresh(end) ? 0 : series;
        return new Restart(before + 1, delay(before, random));
    }

    /**
     * Why this end must not be provoked: the unit would not be started again after it, or not after
     * one more that follows at once. Null when it may be.
     */
    public @Nullable String objection(End end, List<Instant> earlier, Instant now) {
        RandomGenerator anyDelay = () -> 0;
        Decision first = decide(end, earlier, 0, now, anyDelay);
        if (!(first instanceof Restart)) {
            return "it would not be started again: " + reason(first);
        }
        List<Instant> after = Stream.concat(earlier.stream(), Stream.of(now)).toList();
        Decision second = decide(end, after, 0, now, anyDelay);
        return second instanceof Restart
                ? null
                : "the next failure of its own would not be recovered: " + reason(second);
    }

    private static String reason(Decision decision) {
        return switch (decision) {
            case Restart restart -> "restart " + restart.attempt();
            case GiveUp(String reason, boolean _) -> reason;
            case Leave(String reason) -> reason;
        };
    }

    private static GiveUp spent(End end, int restarts, Duration window, int limit) {
        return new GiveUp(
                "%s; %d restarts within %s, the limit is %d"
                        .formatted(end.what(), restarts, window, limit),
                true);
    }

    /** Whether earlier restarts no longer count towards the delay after this end. */
    public boolean startsAfresh(End end) {
        return end.goodFor().compareTo(resetAfter) >= 0;
    }

    /** How many of these restarts fall into the short sliding period that ends now. */
    public int recent(List<Instant> earlier, Instant now) {
        return within(period, earlier, now);
    }

    private static int within(Duration window, List<Instant> earlier, Instant now) {
        return (int) earlier.stream().filter(now.minus(window)::isBefore).count();
    }

    /** The upper bound of the wait before the restart that follows {@code series} others. */
    public Duration longestDelay(int series) {
        if (series == 0) {
            return Duration.ZERO;
        }
        int doublings = Math.min(series - 1, 30);
        Duration grown = firstDelay.multipliedBy(1L << doublings);
        return grown.compareTo(maxDelay) < 0 ? grown : maxDelay;
    }

    private Duration delay(int series, RandomGenerator random) {
        return Duration.ofNanos((long) (longestDelay(series).toNanos() * random.nextDouble()));
    }

    /** What to do about a unit that ended. */
    public sealed interface Decision permits Restart, GiveUp, Leave {}

    /**
     * Start it again.
     *
     * @param attempt the how-manieth restart since the last good run, from 1
     */
    public record Restart(int attempt, Duration delay) implements Decision {}

    /**
     * Quarantine it: another start would most likely fail too.
     *
     * @param onTrialLater whether a start on trial is to follow after a while; not when only a
     *     change by an operator can help
     */
    public record GiveUp(String reason, boolean onTrialLater) implements Decision {}

    /** It ended as it may: leave it stopped. */
    public record Leave(String reason) implements Decision {}
}
