package dev.lepton.gateway.settings;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What all rate limits share.
 *
 * @param keys clients that this gateway remembers at a time; beyond that those are forgotten first
 *     that ask seldom
 */
@ConfigurationProperties("lepton.gateway.rate-limit")
public record RateLimitSettings(@DefaultValue("100000") int keys) {

    private static final int MOST = 10_000_000;

    public RateLimitSettings {
        if (keys < 1 || keys > MOST) {
            throw new IllegalArgumentException(
                    "'lepton.gateway.rate-limit.keys' %d must be from 1 to %d"
                            .formatted(keys, MOST));
        }
    }
}
