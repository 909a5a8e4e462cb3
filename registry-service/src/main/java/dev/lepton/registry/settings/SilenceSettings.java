package dev.lepton.registry.settings;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How much silence alone may take.
 *
 * @param window time within which silence takes at most half of the units of a service that were
 *     live at its start
 * @param hold time for which a unit beyond that is kept, however few reach it
 * @param raiseAfter time after which it is said again that such a unit is still kept
 */
@ConfigurationProperties("lepton.silence")
public record SilenceSettings(
        @DefaultValue("60s") Duration window,
        @DefaultValue("60s") Duration hold,
        @DefaultValue("15m") Duration raiseAfter) {

    public SilenceSettings {
        Rule.positive("lepton.silence.window", window);
        Rule.positive("lepton.silence.hold", hold);
        Rule.positive("lepton.silence.raise-after", raiseAfter);
    }
}
