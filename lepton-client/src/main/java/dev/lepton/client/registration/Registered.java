package dev.lepton.client.registration;

import dev.lepton.client.heartbeat.FenceTerms;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a registration.
 *
 * @param incarnation the number of this start among all starts of the unit
 * @param heartbeatInterval how often to beat
 * @param heartbeatTimeout how long to wait for the answer to a beat before the next URL is tried
 * @param lease after how long a silence the unit is taken for down
 * @param fence null unless the unit is exclusive
 * @param repeated whether an earlier call has registered this start, whose answer may be lost; the
 *     registry may have heard nothing of it since then
 */
public record Registered(
        UnitId unitId,
        StartId startId,
        long incarnation,
        Duration heartbeatInterval,
        Duration heartbeatTimeout,
        Duration lease,
        @Nullable FenceTerms fence,
        boolean repeated) {

    /** The first answer to a unit that is not exclusive. */
    public Registered(
            UnitId unitId,
            StartId startId,
            long incarnation,
            Duration heartbeatInterval,
            Duration heartbeatTimeout,
            Duration lease) {
        this(unitId, startId, incarnation, heartbeatInterval, heartbeatTimeout, lease, null, false);
    }
}
