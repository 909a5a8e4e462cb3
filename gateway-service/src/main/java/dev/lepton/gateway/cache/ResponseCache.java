package dev.lepton.gateway.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** The answers that are kept, within a number of bytes. */
final class ResponseCache {

    /** Of one address, by the headers that they vary by. */
    private static final int MOST_VARIANTS = 16;

    private final long bytes;
    private final Cache<CacheKey, Variants> byKey;
    private final AtomicLong beingRead = new AtomicLong();

    ResponseCache(long bytes) {
        this.bytes = bytes;
        byKey = Caffeine.newBuilder().maximumWeight(bytes).weigher(ResponseCache::weigh).build();
    }

    /**
     * @param answers the newest first
     * @param changedNanos when a request last changed what they are of; null for never
     */
    private record Variants(List<Kept> answers, @Nullable Long changedNanos) {

        Variants with(Kept answer) {
            List<Kept> all = new ArrayList<>(List.of(answer));
            answers.stream()
                    .filter(each -> !each.selectedBy().equals(answer.selectedBy()))
                    .limit(MOST_VARIANTS - 1)
                    .forEach(all::add);
            return new Variants(List.copyOf(all), changedNanos);
        }

        boolean changedSince(long nanos) {
            return changedNanos != null && changedNanos - nanos >= 0;
        }
    }

    private static int weigh(CacheKey key, Variants variants) {
        long weight = key.weight();
        for (Kept each : variants.answers()) {
            weight += each.weight();
        }
        return (int) Math.min(Integer.MAX_VALUE, weight);
    }

    /** The newest answer that is for such a request, fresh or not. */
    @Nullable Kept find(CacheKey key, HttpHeaders request) {
        Variants variants = byKey.getIfPresent(key);
        if (variants == null) {
            return null;
        }
        for (Kept each : variants.answers()) {
            if (each.isFor(request)) {
                return each;
            }
        }
        return null;
    }

    boolean has(CacheKey key) {
        Variants variants = byKey.getIfPresent(key);
        return variants != null && !variants.answers().isEmpty();
    }

    /**
     * Keeps an answer, unless what it is of was changed after it was asked for.
     *
     * @param askedNanos when its unit was asked
     */
    void keep(CacheKey key, Kept answer, long askedNanos) {
        byKey.asMap()
                .compute(
                        key,
                        (same, before) -> {
                            Variants known =
                                    before == null ? new Variants(List.of(), null) : before;
                            return known.changedSince(askedNanos) ? known : known.with(answer);
                        });
    }

    /** Forgets all answers of this address, and those that are on their way. */
    void changed(CacheKey key, long nowNanos) {
        byKey.put(key, new Variants(List.of(), nowNanos));
    }

    /** Whether there is memory for more of answers that are being read. */
    boolean takeRoom(int more) {
        if (beingRead.addAndGet(more) <= bytes) {
            return true;
        }
        beingRead.addAndGet(-more);
        return false;
    }

    void giveRoomBack(int taken) {
        beingRead.addAndGet(-taken);
    }

    long beingRead() {
        return beingRead.get();
    }

    long weight() {
        byKey.cleanUp();
        return byKey.policy()
                .eviction()
                .map(eviction -> eviction.weightedSize().orElse(0))
                .orElse(0L);
    }
}
