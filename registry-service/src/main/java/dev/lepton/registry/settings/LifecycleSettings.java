package dev.lepton.registry.settings;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long a unit may stay in a state that is not meant to last.
 *
 * @param startDeadline time from its registration within which a start must send its first good
 *     beat
 * @param forgetAfter time after which a stopped unit, or one that is down without a supervisor,
 *     leaves the lists
 */
@ConfigurationProperties("lepton.lifecycle")
public record LifecycleSettings(
        @DefaultValue("60s") Duration startDeadline, @DefaultValue("1h") Duration forgetAfter) {

    public LifecycleSettings {
        Rule.positive("lepton.lifecycle.start-deadline", startDeadline);
        Rule.positive("lepton.lifecycle.forget-after", forgetAfter);
    }
}
