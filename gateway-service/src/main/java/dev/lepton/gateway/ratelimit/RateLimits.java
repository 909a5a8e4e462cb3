package dev.lepton.gateway.ratelimit;

import dev.lepton.gateway.metrics.OutcomeCounters;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Asks the buckets that all gateways share, where there are such. While Redis does not answer, each
 * gateway counts by itself: who is within the limit everywhere is so at each gateway, and nobody is
 * refused because Redis is away, nor let in without any limit.
 */
final class RateLimits {

    private final LocalBuckets local;
    private final @Nullable SharedBuckets shared;
    private final OutcomeCounters<Outcome> metrics;

    RateLimits(
            LocalBuckets local, @Nullable SharedBuckets shared, OutcomeCounters<Outcome> metrics) {
        this.local = local;
        this.shared = shared;
        this.metrics = metrics;
    }

    boolean areShared() {
        return shared != null;
    }

    /**
     * @param name of the limit, one of those that are configured
     * @param key of the client
     */
    Mono<Verdict> take(String name, String key, Limit limit, long tokens) {
        String bucket = name + ":" + key;
        Mono<Verdict> own =
                Mono.fromSupplier(() -> counted(name, local.take(bucket, limit, tokens)));
        if (shared == null) {
            return own;
        }
        return shared.take(bucket, limit, tokens)
                .map(verdict -> counted(name, verdict))
                .switchIfEmpty(
                        Mono.fromSupplier(() ->
                                countedWithoutRedis(name, local.take(bucket, limit, tokens))));
    }

    private Verdict counted(String name, Verdict verdict) {
        metrics.count(name, verdict.allowed() ? Outcome.ALLOWED : Outcome.REFUSED);
        return verdict;
    }

    private Verdict countedWithoutRedis(String name, Verdict verdict) {
        metrics.count(name, verdict.allowed() ? Outcome.REDIS_AWAY : Outcome.REFUSED);
        return verdict;
    }
}
