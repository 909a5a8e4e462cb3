package dev.lepton.gateway.latency;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * How long the requests of one service took in the last ten to twenty seconds: a histogram of
 * buckets that are 9 % wide, so that a quantile is told at most 9 % too high, and never too low. It
 * is kept in two generations of ten seconds each; the older one goes as a whole. Safe for many
 * threads; a time that is recorded while generations change may be lost.
 */
public final class RecentLatencies {

    /** What {@link #quantileNanos} says while there are too few times to tell. */
    public static final long UNKNOWN = -1;

    /** So that a quantile of 95 % rests on at least five times above it. */
    static final int MINIMUM = 100;

    private static final long GENERATION_NANOS = 10_000_000_000L;
    private static final long LOOK_EVERY_NANOS = 100_000_000L;
    private static final double NANOS_PER_MICRO = 1e3;
    private static final int BUCKETS_PER_DOUBLING = 8;
    private static final int DOUBLINGS = 28;
    private static final int BUCKETS = BUCKETS_PER_DOUBLING * DOUBLINGS;
    private static final double LOG_2 = Math.log(2);

    private final double quantile;
    private volatile Generations generations;
    private volatile Seen seen;

    /**
     * @param current since {@code beganNanos}
     * @param before of the generation before it
     */
    private record Generations(
            long beganNanos, AtomicIntegerArray current, AtomicIntegerArray before) {}

    private record Seen(long quantileNanos, long lookedNanos) {}

    /**
     * @param quantile that is asked for, above 0 and below 1
     */
    public RecentLatencies(double quantile, long nowNanos) {
        this.quantile = quantile;
        this.generations = new Generations(nowNanos, none(), none());
        this.seen = new Seen(UNKNOWN, nowNanos);
    }

    public void record(long nanos, long nowNanos) {
        generationsAt(nowNanos).current().incrementAndGet(bucketOf(nanos));
    }

    /**
     * The time that this share of the requests took at most, as of at most 100 ms ago; {@link
     * #UNKNOWN} before {@value #MINIMUM} requests.
     */
    public long quantileNanos(long nowNanos) {
        Seen last = seen;
        if (nowNanos - last.lookedNanos() < LOOK_EVERY_NANOS) {
            return last.quantileNanos();
        }
        Seen fresh = new Seen(look(generationsAt(nowNanos)), nowNanos);
        seen = fresh;
        return fresh.quantileNanos();
    }

    private long look(Generations at) {
        long total = 0;
        for (int i = 0; i < BUCKETS; i++) {
            total += at.current().get(i) + at.before().get(i);
        }
        if (total < MINIMUM) {
            return UNKNOWN;
        }
        long below = (long) Math.ceil(quantile * total);
        int bucket = -1;
        for (long counted = 0; counted < below && bucket < BUCKETS - 1; ) {
            bucket++;
            counted += at.current().get(bucket) + at.before().get(bucket);
        }
        return endOf(bucket);
    }

    private Generations generationsAt(long nowNanos) {
        Generations at = generations;
        return nowNanos - at.beganNanos() < GENERATION_NANOS ? at : turn(nowNanos);
    }

    private synchronized Generations turn(long nowNanos) {
        Generations at = generations;
        long age = nowNanos - at.beganNanos();
        if (age >= GENERATION_NANOS) {
            boolean fresh = age < 2 * GENERATION_NANOS;
            at = new Generations(nowNanos, none(), fresh ? at.current() : none());
            generations = at;
        }
        return at;
    }

    private static AtomicIntegerArray none() {
        return new AtomicIntegerArray(BUCKETS);
    }

    private static int bucketOf(long nanos) {
        double doublings = Math.log(Math.max(1, nanos / NANOS_PER_MICRO)) / LOG_2;
        return Math.min(BUCKETS - 1, (int) (doublings * BUCKETS_PER_DOUBLING));
    }

    private static long endOf(int bucket) {
        return (long) (NANOS_PER_MICRO * Math.pow(2, (bucket + 1.0) / BUCKETS_PER_DOUBLING));
    }
}
