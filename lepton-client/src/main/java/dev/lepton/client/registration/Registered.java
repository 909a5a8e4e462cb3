package dev.lepton.client.registration;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import java.time.Duration;

/**
 * The answer to a registration.
 *
 * @param incarnation the number of this start among all starts of the unit
 * @param heartbeatInterval how often to beat
 * @param heartbeatTimeout how long to wait for the answer to a beat before the next URL is tried
 * @param lease after how long a silence the unit is taken for down
 */
public record Registered(
        UnitId unitId,
        StartId startId,
        long incarnation,
        Duration heartbeatInterval,
        Duration heartbeatTimeout,
        Duration lease) {}
