package dev.lepton.gateway.settings;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The memory for answers of the services that have a cache.
 *
 * @param size of all answers together, headers included; those that are read at the moment may take
 *     as much again
 * @param maxBody size of an answer's body above which it is not kept
 */
@ConfigurationProperties("lepton.gateway.cache")
public record CacheSettings(
        @DefaultValue("32MB") DataSize size, @DefaultValue("1MB") DataSize maxBody) {

    private static final DataSize LARGEST_BODY = DataSize.ofMegabytes(64);

    public CacheSettings {
        if (size.toBytes() < 1) {
            throw new IllegalArgumentException(
                    "'lepton.gateway.cache.size' %s must be positive".formatted(size));
        }
        if (maxBody.isNegative()
                || maxBody.compareTo(size) > 0
                || maxBody.compareTo(LARGEST_BODY) > 0) {
            throw new IllegalArgumentException(
                    "'lepton.gateway.cache.max-body' %s must be from 0B to 'lepton.gateway.cache.size' %s, and at most %s"
                            .formatted(maxBody, size, LARGEST_BODY));
        }
    }
}
