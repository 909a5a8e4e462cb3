package dev.lepton.registry.lease;

import dev.lepton.client.unit.UnitId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How many units of a group one witness alone may take: in any window, at most half, rounded down,
 * of those that were live when it began. So it never takes the last one.
 */
final class SilenceCap {

    private final long windowNanos;
    private final List<Taking> takings = new ArrayList<>();

    SilenceCap(Duration window) {
        this.windowNanos = window.toNanos();
    }

    /** Whether this one may be taken now, of {@code live} that are live now. */
    boolean allows(UnitId unit, int live, long now) {
        expire(now);
        if (takenSince(now) + 1 > live / 2) {
            return false;
        }
        return taken(unit) || takings.stream().allMatch(t -> takenSince(t.at) + 1 <= t.live / 2);
    }

    /** A unit that came back and is taken again within the window counts once. */
    void took(UnitId unit, int live, long now) {
        if (!taken(unit)) {
            takings.add(new Taking(unit, live, now));
        }
    }

    /** Takes back what was surely not stored. */
    void released(UnitId unit) {
        takings.removeIf(t -> t.unit.equals(unit));
    }

    boolean idle(long now) {
        expire(now);
        return takings.isEmpty();
    }

    private long takenSince(long begin) {
        return takings.stream().filter(t -> t.at - begin >= 0).count();
    }

    private boolean taken(UnitId unit) {
        return takings.stream().anyMatch(t -> t.unit.equals(unit));
    }

    private void expire(long now) {
        takings.removeIf(t -> now - t.at >= windowNanos);
    }

    /**
     * @param live how many were live at that time, this one included
     */
    private record Taking(UnitId unit, int live, long at) {}
}
