package dev.lepton.supervisor.supervision;

import java.time.Duration;

/**
 * The paces of supervision.
 *
 * @param runtimeInterval between questions whether a unit can be started that could not be
 * @param startingProbeInterval between probes until a unit is ready
 * @param probeInterval between probes of a unit that the node beats for
 * @param lookInterval between looks at what the process does
 * @param livenessInterval between probes for any sign of life, as long as they are answered; after
 *     one that was not, the next ones follow with every look
 * @param lateLimit a look that came later than this is void, and so are those before it
 * @param dumpTimeout how long a process that hangs may take to write down its threads
 * @param drainTimeout how long a stop waits for the registry to take a drain
 * @param drainSettle how long a stop waits, after a drain that was taken, for a unit without the
 *     starter to run out of requests
 */
public record Timing(
        Duration runtimeInterval,
        Duration startingProbeInterval,
        Duration probeInterval,
        Duration lookInterval,
        Duration livenessInterval,
        Duration lateLimit,
        Duration dumpTimeout,
        Duration drainTimeout,
        Duration drainSettle) {

    public static final Timing ORDINARY =
            new Timing(
                    Duration.ofMillis(200),
                    Duration.ofMillis(200),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(2),
                    Duration.ofMillis(500),
                    Duration.ofSeconds(2),
                    Duration.ofMillis(500),
                    Duration.ofMillis(500));
}
