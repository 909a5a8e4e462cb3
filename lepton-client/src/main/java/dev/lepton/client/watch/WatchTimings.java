package dev.lepton.client.watch;

import java.time.Duration;

/**
 * The durations of a watch.
 *
 * @param connect for the connection to a replica
 * @param silence after how long without a byte a replica is left, also before its first one
 * @param staleness the age of a replica's view beyond which it is left
 * @param keptFromForeign how long a unit stays that a list of another cluster does not have: two
 *     leases
 * @param steady how long a stream must have lived for its end to be followed at once by the next
 * @param firstBackoff upper bound of the first wait between two attempts; doubles with each
 * @param longestBackoff upper bound of all of them
 * @param diskPause shortest time between two writes of the disk list
 * @param slice how often the watch looks at the time while nothing comes
 */
record WatchTimings(
        Duration connect,
        Duration silence,
        Duration staleness,
        Duration keptFromForeign,
        Duration steady,
        Duration firstBackoff,
        Duration longestBackoff,
        Duration diskPause,
        Duration slice) {

    static final WatchTimings ORDINARY =
            new WatchTimings(
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(3),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(12),
                    Duration.ofSeconds(1),
                    Duration.ofMillis(50),
                    Duration.ofSeconds(2),
                    Duration.ofMillis(500),
                    Duration.ofMillis(250));
}
