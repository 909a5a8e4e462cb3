package dev.lepton.supervisor.declaration;

import java.time.Duration;

/**
 * How it is found out whether a unit that was ready hangs.
 *
 * @param probe any answer to it is a sign of life; {@link Probe#NONE} when the unit is not asked
 * @param timeout for one answer
 * @param failures how many unanswered probes in a row prove a hang, while no request is completed
 */
public record LivenessProbe(Probe probe, Duration timeout, int failures) {

    public static final Duration ORDINARY_TIMEOUT = Duration.ofSeconds(2);
    public static final int ORDINARY_FAILURES = 3;

    /** Where the starter answers, through the unit's own connector and request threads. */
    public static final Probe OF_THE_STARTER = Probe.http("/lepton/self-check", false);

    /** With the ordinary patience. */
    public static LivenessProbe of(Probe probe) {
        return new LivenessProbe(probe, ORDINARY_TIMEOUT, ORDINARY_FAILURES);
    }
}
