package dev.lepton.supervisor.recovery;

import dev.lepton.client.policy.RecoveryPolicy;
import dev.lepton.client.policy.RestartStrategy;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How the units of a service are recovered here, with every default filled in.
 *
 * @param startDeadline null when it is learnt from earlier starts, see {@link StartTimes}
 * @param startConcurrency how many units of the service may be starting at once, null when only the
 *     node's own limit counts
 * @param maxUnavailable how many live processes may be ended at once to be started again, null for
 *     half of the service's units
 * @param probation how long after a unit was given up it is started on trial
 * @param exclusive whether its processes run only while a registry confirms them
 */
public record UnitPolicy(
        RestartPolicy restart,
        RestartStrategy strategy,
        @Nullable Duration startDeadline,
        @Nullable Integer startConcurrency,
        @Nullable Integer maxUnavailable,
        Duration probation,
        boolean exclusive) {

    /** What a service gets whose declaration says nothing. */
    public static final UnitPolicy ORDINARY =
            new UnitPolicy(
                    RestartPolicy.ORDINARY,
                    RestartStrategy.ONE_FOR_ONE,
                    null,
                    null,
                    null,
                    Duration.ofMinutes(15),
                    false);

    /** This policy, changed by what the registry's says. */
    public UnitPolicy changedBy(RecoveryPolicy other) {
        return new UnitPolicy(
                new RestartPolicy(
                        said(other.type(), restart.type()),
                        said(other.intensity(), restart.intensity()),
                        said(other.period(), restart.period()),
                        said(other.longIntensity(), restart.longIntensity()),
                        said(other.longPeriod(), restart.longPeriod()),
                        said(other.firstDelay(), restart.firstDelay()),
                        said(other.maxDelay(), restart.maxDelay()),
                        said(other.resetAfter(), restart.resetAfter()),
                        said(other.exitCodesNotRetried(), restart.exitCodesNotRetried())),
                said(other.strategy(), strategy),
                other.startDeadline() == null ? startDeadline : other.startDeadline(),
                other.startConcurrency() == null ? startConcurrency : other.startConcurrency(),
                other.maxUnavailable() == null ? maxUnavailable : other.maxUnavailable(),
                said(other.probation(), probation),
                said(other.exclusive(), exclusive));
    }

    /**
     * How long it is until a trial. Never longer than {@code probation}, so that a clock that was
     * set back postpones none.
     */
    public Duration untilTrial(Instant at, Instant now) {
        Duration wait = Duration.between(now, at);
        if (wait.isNegative()) {
            return Duration.ZERO;
        }
        return wait.compareTo(probation) > 0 ? probation : wait;
    }

    private static <T> T said(@Nullable T other, T otherwise) {
        return Objects.requireNonNullElse(other, otherwise);
    }
}
