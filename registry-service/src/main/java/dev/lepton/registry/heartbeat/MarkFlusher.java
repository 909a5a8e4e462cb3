package dev.lepton.registry.heartbeat;

import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.time.NanoClock;
import java.time.Duration;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Brings the marks to PostgreSQL. */
public class MarkFlusher {

    private static final long PRUNE_NANOS = Duration.ofMinutes(10).toNanos();

    private final MarkTable marks;
    private final MarkRows rows;
    private final NanoClock clock;
    private final long storedWithinNanos;
    private volatile @Nullable Long lastStored;
    private @Nullable Long lastPruned;

    MarkFlusher(MarkTable marks, MarkRows rows, Duration storedWithin, NanoClock clock) {
        this.marks = marks;
        this.rows = rows;
        this.clock = clock;
        this.storedWithinNanos = storedWithin.toNanos();
    }

    /** Whether marks reach PostgreSQL through this replica: its last flush is young enough. */
    public boolean stores() {
        Long last = lastStored;
        return last != null && clock.nanos() - last <= storedWithinNanos;
    }

    /** How long ago marks last reached PostgreSQL through this replica; null for never. */
    public @Nullable Duration age() {
        Long last = lastStored;
        return last == null ? null : Duration.ofNanos(clock.nanos() - last);
    }

    /** Of how many units the last beat has not reached PostgreSQL yet. */
    public long unflushed() {
        return marks.countUnstored();
    }

    /** The age counts from the beginning of the flush: what came later is not in it. */
    void flush() {
        long begun = clock.nanos();
        SortedMap<UnitId, Mark> unstored = marks.unstored();
        rows.write(unstored);
        marks.stored(unstored);
        lastStored = begun;
        prune(begun);
    }

    private void prune(long now) {
        if (lastPruned == null || now - lastPruned > PRUNE_NANOS) {
            lastPruned = now;
            marks.prune(now);
            rows.prune();
        }
    }
}
