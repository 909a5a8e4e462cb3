package dev.lepton.registry.fleet;

import dev.lepton.client.desired.Desired;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.watch.Position;
import dev.lepton.registry.changelog.ChangeLog;
import dev.lepton.registry.changelog.LoggedChange;
import dev.lepton.registry.time.NanoClock;
import dev.lepton.registry.unit.UnitRow;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The fleet as this replica's reader of the change log has last seen it. Reads never wait for
 * PostgreSQL.
 */
public final class FleetView {

    /** All rows as they are at one position. */
    public record Picture(Position position, List<UnitRow> units, List<Desired> desired) {}

    private final NanoClock clock;
    private final Map<UnitId, UnitRow> units = new ConcurrentHashMap<>();
    private final Map<UnitId, Desired> desired = new ConcurrentHashMap<>();
    private final ReentrantLock change = new ReentrantLock();
    private volatile @Nullable Position position;
    private volatile long readAt;

    public FleetView(NanoClock clock) {
        this.clock = clock;
        this.readAt = clock.nanos();
    }

    /** Null when the unit is unknown or forgotten. */
    public @Nullable UnitRow unit(UnitId id) {
        return units.get(id);
    }

    /** All units that are not forgotten, in no order; follows what changes. */
    public Collection<UnitRow> units() {
        return Collections.unmodifiableCollection(units.values());
    }

    public @Nullable Desired desired(UnitId id) {
        return desired.get(id);
    }

    public Collection<Desired> allDesired() {
        return Collections.unmodifiableCollection(desired.values());
    }

    public Position position() {
        Position known = position;
        if (known == null) {
            throw new IllegalStateException("the fleet has not been loaded yet");
        }
        return known;
    }

    /** Whether the fleet was read once; it stays so. */
    boolean loaded() {
        return position != null;
    }

    /** How long ago the change log was last read with success, by the monotonic clock. */
    public Duration age() {
        return Duration.ofNanos(clock.nanos() - readAt);
    }

    /** The rows of exactly one position, which the single readings may be ahead of. */
    public Picture picture() {
        change.lock();
        try {
            return new Picture(
                    position(), List.copyOf(units.values()), List.copyOf(desired.values()));
        } finally {
            change.unlock();
        }
    }

    /**
     * @param at the monotonic clock just before the change log was read
     */
    void readAt(long at) {
        readAt = at;
    }

    void load(ChangeLog.Snapshot snapshot) {
        change.lock();
        try {
            // Never empty meanwhile: a beat that found no unit would have to ask PostgreSQL.
            replace(units, snapshot.units(), UnitRow::id);
            replace(desired, snapshot.desired(), Desired::unitId);
            position = snapshot.position();
        } finally {
            change.unlock();
        }
    }

    private static <T> void replace(Map<UnitId, T> held, List<T> rows, Function<T, UnitId> id) {
        Map<UnitId, T> next = new HashMap<>();
        rows.forEach(row -> next.put(id.apply(row), row));
        held.putAll(next);
        held.keySet().retainAll(next.keySet());
    }

    void apply(List<LoggedChange> changes) {
        change.lock();
        try {
            changes.forEach(this::apply);
            position = new Position(position().clusterId(), changes.getLast().revision());
        } finally {
            change.unlock();
        }
    }

    private void apply(LoggedChange logged) {
        UnitRow unit = logged.unit();
        if (unit != null && unit.forgotten()) {
            units.remove(unit.id());
        } else if (unit != null) {
            units.put(unit.id(), unit);
        }
        if (logged.desired() != null) {
            desired.put(logged.unitId(), logged.desired());
        }
    }
}
