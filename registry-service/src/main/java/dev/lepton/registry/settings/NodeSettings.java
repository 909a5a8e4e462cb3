package dev.lepton.registry.settings;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When a node is lost and its units move to others.
 *
 * @param lostAfter silence of a node's supervisor after which the node is lost
 * @param massLostAfter the same while more than half of the nodes are silent, when the fault may be
 *     the registry's
 * @param moveAgainAfter time after a move within which a unit is not moved again
 */
@ConfigurationProperties("lepton.node")
public record NodeSettings(
        @DefaultValue("60s") Duration lostAfter,
        @DefaultValue("5m") Duration massLostAfter,
        @DefaultValue("6h") Duration moveAgainAfter) {

    public NodeSettings {
        Rule.positive("lepton.node.lost-after", lostAfter);
        Rule.positive("lepton.node.move-again-after", moveAgainAfter);
        if (massLostAfter.compareTo(lostAfter) < 0) {
            throw new IllegalArgumentException(
                    "'lepton.node.mass-lost-after' %s must not be shorter than 'lepton.node.lost-after' %s"
                            .formatted(massLostAfter, lostAfter));
        }
    }
}
