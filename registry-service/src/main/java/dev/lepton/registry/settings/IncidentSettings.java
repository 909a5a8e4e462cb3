package dev.lepton.registry.settings;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long incidents are kept.
 *
 * @param retention time after which a closed incident is deleted
 * @param keptPerUnit how many incidents of a unit are kept, the newest, open or closed
 */
@ConfigurationProperties("lepton.incident")
public record IncidentSettings(
        @DefaultValue("90d") Duration retention, @DefaultValue("100") int keptPerUnit) {

    public IncidentSettings {
        Rule.positive("lepton.incident.retention", retention);
        if (keptPerUnit < 1) {
            throw new IllegalArgumentException(
                    "'lepton.incident.kept-per-unit' %d must be at least 1".formatted(keptPerUnit));
        }
    }
}
