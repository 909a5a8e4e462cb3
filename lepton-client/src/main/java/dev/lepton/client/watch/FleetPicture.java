package dev.lepton.client.watch;

import dev.lepton.client.desired.Desired;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitView;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Builds the picture of the fleet from lists and changes, and refuses what does not follow from
 * what it has seen.
 */
final class FleetPicture {

    private final long keptFromForeignNanos;
    private final Map<UnitId, UnitView> units = new HashMap<>();
    private final Map<UnitId, Desired> desired = new HashMap<>();

    /** Units that a foreign cluster's list did not have, and the nano time when each is dropped. */
    private final Map<UnitId, Long> kept = new HashMap<>();

    private @Nullable Position position;

    /**
     * @param keptFromForeign how long a unit stays that a list of another cluster does not have
     */
    FleetPicture(Duration keptFromForeign) {
        this.keptFromForeignNanos = keptFromForeign.toNanos();
    }

    @Nullable Position position() {
        return position;
    }

    Fleet fleet() {
        return new Fleet(position, Map.copyOf(units), Map.copyOf(desired));
    }

    /** Whether all units are of the cluster that is followed, none kept from another. */
    boolean isOfOneCluster() {
        return kept.isEmpty();
    }

    Verdict list(FleetList list, long nowNanos) {
        Position known = position;
        boolean foreign = known != null && !known.clusterId().equals(list.position().clusterId());
        if (known != null && !foreign && list.position().revision() < known.revision()) {
            return Verdict.BEHIND;
        }
        if (foreign) {
            units.keySet().forEach(id -> kept.putIfAbsent(id, nowNanos + keptFromForeignNanos));
        }
        units.keySet().retainAll(kept.keySet());
        list.units().forEach(this::put);
        desired.clear();
        list.desired().forEach(row -> desired.put(row.unitId(), row));
        position = list.position();
        return Verdict.TAKEN;
    }

    Verdict change(Change change) {
        Position known = position;
        if (known == null) {
            return Verdict.OUT_OF_ORDER;
        }
        if (change.revision() < known.revision()) {
            return Verdict.NOTHING_NEW;
        }
        if (change.revision() != known.revision() + 1) {
            return Verdict.OUT_OF_ORDER;
        }
        UnitView unit = change.unit();
        if (change.forgotten()) {
            units.remove(change.unitId());
            kept.remove(change.unitId());
        } else if (unit != null) {
            put(unit);
        }
        if (change.desired() != null) {
            desired.put(change.unitId(), change.desired());
        }
        position = new Position(known.clusterId(), change.revision());
        return Verdict.TAKEN;
    }

    /** A position that the replica claims to have sent everything up to. */
    Verdict reached(Position claimed) {
        Position known = position;
        boolean missedSome =
                known == null
                        || !known.clusterId().equals(claimed.clusterId())
                        || claimed.revision() > known.revision();
        return missedSome ? Verdict.OUT_OF_ORDER : Verdict.NOTHING_NEW;
    }

    /** Whether units that were kept from another cluster have left the picture. */
    boolean dropExpired(long nowNanos) {
        return kept.entrySet()
                .removeIf(entry -> {
                    boolean over = entry.getValue() - nowNanos <= 0;
                    if (over) {
                        units.remove(entry.getKey());
                    }
                    return over;
                });
    }

    private void put(UnitView unit) {
        units.put(unit.unitId(), unit);
        kept.remove(unit.unitId());
    }

    /** What became of a frame. */
    enum Verdict {
        /** The picture is a new one. */
        TAKEN,
        NOTHING_NEW,
        /** Something was missed or came twice: only a new list helps. */
        OUT_OF_ORDER,
        /** The replica knows less than this watch: another one may know more. */
        BEHIND
    }
}
