package dev.lepton.gateway.settings;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How many requests a service gets from one client; what is more is answered 429.
 *
 * @param requests requests in each period
 * @param per the period
 * @param burst requests that may come at once after a time without any; as many as in a period when
 *     not set
 * @param key which requests are counted together: address (of the client), header:NAME or none (all
 *     requests to the service)
 */
public record ServiceRateLimit(
        long requests,
        @DefaultValue("1s") Duration per,
        @Nullable Long burst,
        @DefaultValue("address") LimitKey key) {

    private static final long MOST = 1_000_000;
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(1);

    public ServiceRateLimit {
        requireFromOne("requests", requests);
        if (burst != null) {
            requireFromOne("burst", burst);
        }
        if (per.compareTo(SHORTEST) < 0 || per.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "'lepton.gateway.services.*.rate-limit.per' %s must be from %s to %s"
                            .formatted(per, SHORTEST, LONGEST));
        }
    }

    private static void requireFromOne(String name, long value) {
        if (value < 1 || value > MOST) {
            throw new IllegalArgumentException(
                    "'lepton.gateway.services.*.rate-limit.%s' %d must be from 1 to %d"
                            .formatted(name, value, MOST));
        }
    }
}
