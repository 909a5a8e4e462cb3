package dev.lepton.registry.heartbeat;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** The marks of this replica, in memory until they are flushed. Safe for many threads. */
final class MarkTable {

    private static final long KEPT_NANOS = Duration.ofMinutes(10).toNanos();

    private final ConcurrentHashMap<UnitId, Mark> marks = new ConcurrentHashMap<>();

    /** False for a beat that is not newer than the last one of the same start. */
    boolean take(UnitId unit, StartId start, long seq, long now) {
        Mark mark = new Mark(start, seq, now, false);
        return marks.merge(unit, mark, (old, fresh) -> newer(old, fresh) ? fresh : old) == mark;
    }

    private static boolean newer(Mark old, Mark fresh) {
        return !old.start().equals(fresh.start()) || fresh.seq() > old.seq();
    }

    /** What is to be written, in the order of the unit ids. */
    SortedMap<UnitId, Mark> unstored() {
        SortedMap<UnitId, Mark> unstored = new TreeMap<>();
        marks.forEach((unit, mark) -> {
            if (!mark.stored()) {
                unstored.put(unit, mark);
            }
        });
        return unstored;
    }

    long countUnstored() {
        return marks.values().stream().filter(mark -> !mark.stored()).count();
    }

    void stored(SortedMap<UnitId, Mark> written) {
        written.forEach((unit, mark) -> marks.replace(unit, mark, mark.asStored()));
    }

    /** Drops the marks of units that have long been silent. */
    void prune(long now) {
        marks.values().removeIf(m -> m.stored() && now - m.takenNanos() > KEPT_NANOS);
    }

    int size() {
        return marks.size();
    }
}
