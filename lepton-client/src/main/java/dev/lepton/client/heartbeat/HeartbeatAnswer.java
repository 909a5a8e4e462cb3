package dev.lepton.client.heartbeat;

import dev.lepton.client.unit.UnitState;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a beat.
 *
 * @param stored whether marks reach PostgreSQL through this registry; when false, the next URL is
 *     to be tried
 * @param heartbeatInterval how often to beat from now on
 * @param heartbeatTimeout how long to wait for the answer to a beat before the next URL is tried
 * @param fence null unless the unit is exclusive
 */
public record HeartbeatAnswer(
        boolean stored,
        UnitState state,
        long incarnation,
        Duration heartbeatInterval,
        Duration heartbeatTimeout,
        @Nullable FenceTerms fence) {

    /** The answer to a unit that is not exclusive. */
    public HeartbeatAnswer(
            boolean stored,
            UnitState state,
            long incarnation,
            Duration heartbeatInterval,
            Duration heartbeatTimeout) {
        this(stored, state, incarnation, heartbeatInterval, heartbeatTimeout, null);
    }
}
