package dev.lepton.registry.settings;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How much of the change log is kept.
 *
 * @param retention time after which a change is deleted from the log
 * @param maxRows how many changes are kept at most, the newest; more while the incidents do not yet
 *     hold what the log tells
 * @param compactInterval how often the leader deletes what is kept no longer
 */
@ConfigurationProperties("lepton.changelog")
public record ChangeLogSettings(
        @DefaultValue("7d") Duration retention,
        @DefaultValue("1000000") long maxRows,
        @DefaultValue("1m") Duration compactInterval) {

    /** Fewer would send watchers back to the list that are only a moment behind. */
    private static final long FEWEST_ROWS = 1000;

    public ChangeLogSettings {
        Rule.positive("lepton.changelog.retention", retention);
        Rule.positive("lepton.changelog.compact-interval", compactInterval);
        if (maxRows < FEWEST_ROWS) {
            throw new IllegalArgumentException(
                    "'lepton.changelog.max-rows' %d must be at least %d"
                            .formatted(maxRows, FEWEST_ROWS));
        }
        if (compactInterval.compareTo(retention) > 0) {
            throw new IllegalArgumentException(
                    """
                    'lepton.changelog.compact-interval' %s must not be longer than \
                    'lepton.changelog.retention' %s\
                    """
                            .formatted(compactInterval, retention));
        }
    }
}
