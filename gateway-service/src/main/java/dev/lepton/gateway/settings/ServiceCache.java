package dev.lepton.gateway.settings;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Whether answers of a service are kept and given again. In place of more than one setting, true or
 * false can be set.
 *
 * @param enabled whether what its answers themselves allow is done
 * @param staleIfError how long beyond its freshness an answer is given while the service fails,
 *     where the answer does not say itself; 0s is not at all
 */
public record ServiceCache(
        @DefaultValue("true") boolean enabled, @DefaultValue("0s") Duration staleIfError) {

    public ServiceCache {
        if (staleIfError.isNegative()) {
            throw new IllegalArgumentException(
                    "'lepton.gateway.services.*.cache.stale-if-error' %s must not be negative"
                            .formatted(staleIfError));
        }
    }

    public static ServiceCache of(Boolean enabled) {
        return new ServiceCache(enabled, Duration.ZERO);
    }

    /**
     * Reads a setting.
     *
     * @throws IllegalArgumentException when the text has another form
     */
    public static ServiceCache of(String text) {
        return switch (text) {
            case "true" -> of(true);
            case "false" -> of(false);
            default ->
                    throw new IllegalArgumentException(
                            "'cache' %s must be true, false or settings of it".formatted(text));
        };
    }
}
