package dev.lepton.registry.settings;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the leader is found.
 *
 * @param renewInterval how often the leader renews, and the others look
 * @param lease time without a renewal after which another replica takes over
 */
@ConfigurationProperties("lepton.leader")
public record LeaderSettings(
        @DefaultValue("1s") Duration renewInterval, @DefaultValue("6s") Duration lease) {

    public LeaderSettings {
        Rule.positive("lepton.leader.renew-interval", renewInterval);
        if (lease.compareTo(renewInterval.multipliedBy(3)) < 0) {
            throw new IllegalArgumentException(
                    """
                    'lepton.leader.lease' %s must be at least three times \
                    'lepton.leader.renew-interval' %s\
                    """
                            .formatted(lease, renewInterval));
        }
    }
}
