package dev.lepton.gateway.ratelimit;

import dev.lepton.gateway.settings.ServiceRateLimit;
import java.time.Duration;

/**
 * A bucket of tokens, of which each request takes some; it fills again in a steady flow.
 *
 * @param capacity tokens in a full bucket
 * @param tokens tokens that flow in during each period
 */
record Limit(long capacity, long tokens, Duration period) {

    static Limit of(ServiceRateLimit set) {
        Long burst = set.burst();
        return new Limit(burst == null ? set.requests() : burst, set.requests(), set.per());
    }

    /** After this time without a request it is full, as if nobody had ever asked. */
    Duration timeToFill() {
        return Duration.ofNanos((long) Math.ceil((double) capacity / tokens * period.toNanos()));
    }
}
