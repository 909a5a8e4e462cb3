package dev.lepton.registry.move;

import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.time.NanoClock;
import dev.lepton.registry.unit.UnitRow;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The newest row of each unit that this replica has seen: that of the change log's reader, or the
 * one that was just stored or read here and that the reader has yet to see.
 */
public final class CurrentUnits {

    private static final long KEPT_NANOS = Duration.ofSeconds(5).toNanos();
    private static final int SWEPT_ABOVE = 1_000;

    /** So that learning much does not cost a look at all that was learned each time. */
    private static final long SWEPT_EVERY_NANOS = KEPT_NANOS / 5;

    private final Function<UnitId, @Nullable UnitRow> fleet;
    private final NanoClock clock;
    private final ConcurrentHashMap<UnitId, Learned> learned = new ConcurrentHashMap<>();
    private volatile long sweptAt;

    /**
     * @param fleet what the change log's reader has seen
     */
    public CurrentUnits(Function<UnitId, @Nullable UnitRow> fleet, NanoClock clock) {
        this.fleet = fleet;
        this.clock = clock;
        this.sweptAt = clock.nanos() - SWEPT_EVERY_NANOS;
    }

    /** Null when the unit is unknown here or forgotten. */
    public @Nullable UnitRow find(UnitId id) {
        UnitRow seen = fleet.apply(id);
        Learned own = learned.get(id);
        if (own == null) {
            return seen;
        }
        if (own.outdated(clock.nanos()) || (seen != null && seen.version() >= own.row.version())) {
            learned.remove(id, own);
            return seen;
        }
        return own.row.forgotten() ? null : own.row;
    }

    /** Remembers a row that was read from PostgreSQL or stored there. */
    public void learn(UnitRow row) {
        long now = clock.nanos();
        if (learned.size() > SWEPT_ABOVE && now - sweptAt >= SWEPT_EVERY_NANOS) {
            sweptAt = now;
            learned.values().removeIf(l -> l.outdated(now));
        }
        learned.merge(
                row.id(),
                new Learned(row, now),
                (a, b) -> a.row.version() > b.row.version() ? a : b);
    }

    private record Learned(UnitRow row, long at) {
        boolean outdated(long now) {
            return now - at > KEPT_NANOS;
        }
    }
}
