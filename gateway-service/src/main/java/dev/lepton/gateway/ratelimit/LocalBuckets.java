package dev.lepton.gateway.ratelimit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The buckets of this gateway alone. One that is full again is forgotten, and when there are too
 * many, those are that are seldom asked for.
 */
final class LocalBuckets {

    /** Of accesses within a second, Caffeine may take the first for the last. */
    private static final Duration KEPT_LONGER = Duration.ofSeconds(2);

    private final TimeMeter time;
    private final Cache<String, Held> buckets;

    LocalBuckets(int keys, LongSupplier nanoTime) {
        time = new MonotonicTime(nanoTime);
        buckets =
                Caffeine.newBuilder()
                        .maximumSize(keys)
                        .ticker(nanoTime::getAsLong)
                        .expireAfter(Expiry.<String, Held>accessing((key, held) -> held.keptFor()))
                        .build();
    }

    private record Held(Bucket bucket, Duration keptFor) {}

    private record MonotonicTime(LongSupplier nanoTime) implements TimeMeter {

        @Override
        public long currentTimeNanos() {
            return nanoTime.getAsLong();
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }

    Verdict take(String key, Limit limit, long tokens) {
        ConsumptionProbe probe =
                buckets.get(key, absent -> full(limit))
                        .bucket()
                        .tryConsumeAndReturnRemaining(tokens);
        return new Verdict(
                probe.isConsumed(),
                probe.getRemainingTokens(),
                Duration.ofNanos(probe.getNanosToWaitForRefill()),
                Duration.ofNanos(probe.getNanosToWaitForReset()));
    }

    private Held full(Limit limit) {
        Bucket bucket =
                Bucket.builder()
                        .addLimit(bandwidth ->
                                bandwidth
                                        .capacity(limit.capacity())
                                        .refillGreedy(limit.tokens(), limit.period()))
                        .withCustomTimePrecision(time)
                        .build();
        return new Held(bucket, limit.timeToFill().plus(KEPT_LONGER));
    }

    long size() {
        buckets.cleanUp();
        return buckets.estimatedSize();
    }
}
