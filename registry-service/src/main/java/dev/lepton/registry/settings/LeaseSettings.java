package dev.lepton.registry.settings;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How silence is judged.
 *
 * @param heartbeatInterval how often a unit beats
 * @param heartbeatTimeout how long a unit waits for the answer to a beat before it tries the next
 *     URL
 * @param flushInterval how often a replica writes the marks of the beats it has answered
 * @param sweepInterval how often the leader looks at the marks
 * @param suspectAfter silence after which a unit is suspected
 * @param duration silence after which a unit is taken for down
 * @param storedWithin age of the last write of marks beyond which beats are answered as not stored,
 *     and beyond which other replicas take this one for gone
 * @param pauseLimit lateness of a look at the marks beyond which every lease starts afresh
 * @param exclusiveMargin how long before the end of its lease the process of an exclusive unit
 *     stops when no registry confirms it, and how long after that a replacement may start; at least
 *     'heartbeat-interval' plus 'stored-within' covers also a beat that was confirmed and lost with
 *     its replica; a third of 'duration' unless set
 */
@ConfigurationProperties("lepton.lease")
public record LeaseSettings(
        @DefaultValue("1s") Duration heartbeatInterval,
        @DefaultValue("300ms") Duration heartbeatTimeout,
        @DefaultValue("250ms") Duration flushInterval,
        @DefaultValue("250ms") Duration sweepInterval,
        @DefaultValue("3s") Duration suspectAfter,
        @DefaultValue("6s") Duration duration,
        @DefaultValue("1s") Duration storedWithin,
        @DefaultValue("1s") Duration pauseLimit,
        @Nullable Duration exclusiveMargin) {

    private static final long DEFAULT_MARGINS_OF_A_LEASE = 3;

    public LeaseSettings {
        Rule.positive("lepton.lease.heartbeat-interval", heartbeatInterval);
        Rule.positive("lepton.lease.heartbeat-timeout", heartbeatTimeout);
        Rule.positive("lepton.lease.flush-interval", flushInterval);
        Rule.positive("lepton.lease.sweep-interval", sweepInterval);
        Rule.positive("lepton.lease.stored-within", storedWithin);
        Rule.positive("lepton.lease.pause-limit", pauseLimit);
        Duration earliest =
                heartbeatInterval
                        .multipliedBy(2)
                        .plus(heartbeatTimeout)
                        .plus(flushInterval)
                        .plus(sweepInterval);
        if (suspectAfter.compareTo(earliest) < 0) {
            throw new IllegalArgumentException(
                    """
                    'lepton.lease.suspect-after' %s must be at least two times \
                    'lepton.lease.heartbeat-interval' %s plus 'lepton.lease.heartbeat-timeout' %s \
                    plus 'lepton.lease.flush-interval' %s plus 'lepton.lease.sweep-interval' %s, \
                    that is %s\
                    """
                            .formatted(
                                    suspectAfter,
                                    heartbeatInterval,
                                    heartbeatTimeout,
                                    flushInterval,
                                    sweepInterval,
                                    earliest));
        }
        if (duration.compareTo(suspectAfter.multipliedBy(2)) < 0) {
            throw new IllegalArgumentException(
                    """
                    'lepton.lease.duration' %s must be at least two times \
                    'lepton.lease.suspect-after' %s\
                    """
                            .formatted(duration, suspectAfter));
        }
        if (exclusiveMargin == null) {
            exclusiveMargin = duration.dividedBy(DEFAULT_MARGINS_OF_A_LEASE);
        }
        Rule.positive("lepton.lease.exclusive-margin", exclusiveMargin);
        if (exclusiveMargin.multipliedBy(2).compareTo(duration) >= 0) {
            throw new IllegalArgumentException(
                    """
                    'lepton.lease.exclusive-margin' %s must be shorter than half of \
                    'lepton.lease.duration' %s\
                    """
                            .formatted(exclusiveMargin, duration));
        }
    }

    @Override
    public Duration exclusiveMargin() {
        return Objects.requireNonNull(exclusiveMargin);
    }
}
