package dev.lepton.client.policy;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the units of a service are recovered. What is null is as the node's declaration says, and
 * where that is silent too, as the default is.
 *
 * @param intensity at most so many restarts of a unit within {@code period}, 0 to 100
 * @param period 1 s to 1 h
 * @param longIntensity at most so many restarts within {@code longPeriod}, against a crash loop too
 *     slow for the first limit, 0 to 100
 * @param longPeriod longer than {@code period}, up to 7 days
 * @param firstDelay bound of the wait before the second restart of a series, up to 1 h; each
 *     further bound is twice as long
 * @param maxDelay the highest such bound, up to 1 h
 * @param resetAfter a run that was ready for so long begins the series anew, up to 24 h
 * @param startDeadline how long a start may take, 1 s to 24 h
 * @param startConcurrency how many units of the service may be starting at once on a node, 1 to 100
 * @param exitCodesNotRetried ends that another start would repeat, 0 to 255
 * @param maxUnavailable how many live processes may be ended at once to be started again, 1 to 1000
 * @param probation how long after a unit was given up it is started on trial, 1 s to 24 h
 * @param exclusive whether a process ends itself rather than go on without the registry's word that
 *     it is the unit
 */
public record RecoveryPolicy(
        @Nullable RestartType type,
        @Nullable RestartStrategy strategy,
        @Nullable Integer intensity,
        @Nullable Duration period,
        @Nullable Integer longIntensity,
        @Nullable Duration longPeriod,
        @Nullable Duration firstDelay,
        @Nullable Duration maxDelay,
        @Nullable Duration resetAfter,
        @Nullable Duration startDeadline,
        @Nullable Integer startConcurrency,
        @Nullable Set<Integer> exitCodesNotRetried,
        @Nullable Integer maxUnavailable,
        @Nullable Duration probation,
        @Nullable Boolean exclusive) {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofHours(24);

    /** Changes nothing. */
    public static final RecoveryPolicy UNSAID =
            new RecoveryPolicy(
                    null, null, null, null, null, null, null, null, null, null, null, null, null,
                    null, null);

    public RecoveryPolicy {
        within("intensity", intensity, 0, 100);
        within("period", period, SECOND, HOUR);
        within("longIntensity", longIntensity, 0, 100);
        within("longPeriod", longPeriod, SECOND, Duration.ofDays(7));
        within("firstDelay", firstDelay, Duration.ZERO, HOUR);
        within("maxDelay", maxDelay, Duration.ZERO, HOUR);
        within("resetAfter", resetAfter, Duration.ZERO, DAY);
        within("startDeadline", startDeadline, SECOND, DAY);
        within("startConcurrency", startConcurrency, 1, 100);
        within("maxUnavailable", maxUnavailable, 1, 1000);
        within("probation", probation, SECOND, DAY);
        if (period != null && longPeriod != null && longPeriod.compareTo(period) <= 0) {
            throw new IllegalArgumentException(
                    "longPeriod %s must be longer than period %s".formatted(longPeriod, period));
        }
        if (firstDelay != null && maxDelay != null && maxDelay.compareTo(firstDelay) < 0) {
            throw new IllegalArgumentException(
                    "maxDelay %s must not be shorter than firstDelay %s"
                            .formatted(maxDelay, firstDelay));
        }
        if (exitCodesNotRetried != null) {
            exitCodesNotRetried.forEach(code -> within("exitCodesNotRetried", code, 0, 255));
            exitCodesNotRetried = Set.copyOf(exitCodesNotRetried);
        }
    }

    private static void within(String name, @Nullable Integer value, int least, int most) {
        if (value != null && (value < least || value > most)) {
            throw new IllegalArgumentException(
                    "%s %d must be from %d to %d".formatted(name, value, least, most));
        }
    }

    private static void within(
            String name, @Nullable Duration value, Duration shortest, Duration longest) {
        if (value != null && (value.compareTo(shortest) < 0 || value.compareTo(longest) > 0)) {
            throw new IllegalArgumentException(
                    "%s %s must be from %s to %s".formatted(name, value, shortest, longest));
        }
    }
}
