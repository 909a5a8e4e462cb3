package dev.lepton.registry.heartbeat;

import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.time.NanoClock;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Brings the marks to PostgreSQL. */
public class MarkFlusher {

    private static final long PRUNE_NANOS = Duration.ofMinutes(10).toNanos();

    /**
     * So many take far less than a statement may. After an outage the whole fleet is to be written:
     * in one statement it could be too much, the next time as well, and so for ever.
     */
    private static final int PIECE = 5_000;

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

    /**
     * The age counts from the beginning of the flush: what came later is not in it. This replica's
     * own mark, which vouches for all of them, goes with the last.
     */
    void flush() {
        long begun = clock.nanos();
        SortedMap<UnitId, Mark> piece = new TreeMap<>();
        for (Map.Entry<UnitId, Mark> mark : marks.unstored().entrySet()) {
            if (piece.size() == PIECE) {
                rows.writePiece(piece);
                marks.stored(piece);
                piece = new TreeMap<>();
            }
            piece.put(mark.getKey(), mark.getValue());
        }
        rows.write(piece);
        marks.stored(piece);
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
