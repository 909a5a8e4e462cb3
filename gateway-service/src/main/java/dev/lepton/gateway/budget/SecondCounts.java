package dev.lepton.gateway.budget;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts of single seconds, of the last sixteen. Each is one number, the second above and its count
 * below, so that counting takes no lock.
 */
final class SecondCounts {

    private static final int KEPT = 16;
    private static final int COUNT_BITS = 32;
    private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;

    private final AtomicLongArray slots = new AtomicLongArray(KEPT);

    void add(long second, int count) {
        slots.updateAndGet(
                slot(second),
                stored -> tag(second) | ((countOf(stored, second) + count) & COUNT_MASK));
    }

    /**
     * What was counted in the last seconds, the given one included.
     *
     * @param seconds at most {@value #KEPT}
     */
    long sum(long second, int seconds) {
        long sum = 0;
        for (long s = second; s > second - seconds; s--) {
            sum += countOf(slots.get(slot(s)), s);
        }
        return sum;
    }

    private static int slot(long second) {
        return Math.floorMod(second, KEPT);
    }

    private static long tag(long second) {
        return second << COUNT_BITS;
    }

    /** Signed: what is given back a second later than it was taken makes that second negative. */
    private static int countOf(long stored, long second) {
        return (stored & ~COUNT_MASK) == tag(second) ? (int) stored : 0;
    }
}
