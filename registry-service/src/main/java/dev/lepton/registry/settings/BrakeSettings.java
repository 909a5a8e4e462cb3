package dev.lepton.registry.settings;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How live processes are kept from being ended all at once.
 *
 * @param permitDuration time after which a permit to end a live process counts no longer, though
 *     its unit has not come up again
 */
@ConfigurationProperties("lepton.brake")
public record BrakeSettings(@DefaultValue("2m") Duration permitDuration) {

    public BrakeSettings {
        Rule.positive("lepton.brake.permit-duration", permitDuration);
    }
}
