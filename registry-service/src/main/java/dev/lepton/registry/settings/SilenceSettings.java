package dev.lepton.registry.settings;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How much silence alone may take.
 *
 * @param window time within which silence takes at most half of the units of a service that were
 *     live at its start
 */
@ConfigurationProperties("lepton.silence")
public record SilenceSettings(@DefaultValue("60s") Duration window) {

    public SilenceSettings {
        Rule.positive("lepton.silence.window", window);
    }
}
