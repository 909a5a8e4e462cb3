package dev.lepton.supervisor.supervision;

import java.time.Duration;

/**
 * The paces of supervision.
 *
 * @param startingProbeInterval between probes until a unit is ready
 * @param probeInterval between probes of a unit that the node beats for
 * @param drainTimeout how long a stop waits for the registry to take a drain
 * @param drainSettle how long a stop waits, after a drain that was taken, for a unit without the
 *     starter to run out of requests
 */
public record Timing(
        Duration startingProbeInterval,
        Duration probeInterval,
        Duration drainTimeout,
        Duration drainSettle) {

    public static final Timing ORDINARY =
            new Timing(
                    Duration.ofMillis(200),
                    Duration.ofSeconds(1),
                    Duration.ofMillis(500),
                    Duration.ofMillis(500));
}
