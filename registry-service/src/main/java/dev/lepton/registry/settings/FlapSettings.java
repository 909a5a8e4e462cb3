package dev.lepton.registry.settings;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How a unit is kept out that goes down and comes up again and again.
 *
 * @param downs how many times down within the window make it flapping
 * @param window time within which that many count
 * @param firstHold how long it is then kept out, from its last time down; twice as long with each
 *     further time
 * @param maxHold longest such time
 * @param calm time without going down, after it was kept out, that makes it an ordinary unit again
 */
@ConfigurationProperties("lepton.flap")
public record FlapSettings(
        @DefaultValue("3") int downs,
        @DefaultValue("10m") Duration window,
        @DefaultValue("10s") Duration firstHold,
        @DefaultValue("5m") Duration maxHold,
        @DefaultValue("10m") Duration calm) {

    public FlapSettings {
        if (downs < 2) {
            throw new IllegalArgumentException(
                    "'lepton.flap.downs' %d must be at least 2".formatted(downs));
        }
        Rule.positive("lepton.flap.window", window);
        Rule.positive("lepton.flap.first-hold", firstHold);
        Rule.positive("lepton.flap.calm", calm);
        if (maxHold.compareTo(firstHold) < 0) {
            throw new IllegalArgumentException(
                    "'lepton.flap.max-hold' %s must not be shorter than 'lepton.flap.first-hold' %s"
                            .formatted(maxHold, firstHold));
        }
    }
}
