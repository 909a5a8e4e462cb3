package dev.lepton.registry.settings;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How many beats the registry takes.
 *
 * @param maxRate beats of all units each second beyond which the interval between two beats of a
 *     unit, and with it its lease, becomes twice as long
 */
@ConfigurationProperties("lepton.heartbeat")
public record HeartbeatSettings(@DefaultValue("10000") int maxRate) {

    public HeartbeatSettings {
        if (maxRate < 1) {
            throw new IllegalArgumentException(
                    "'lepton.heartbeat.max-rate' %d must be at least 1".formatted(maxRate));
        }
    }
}
