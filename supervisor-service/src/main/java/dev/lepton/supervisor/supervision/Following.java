package dev.lepton.supervisor.supervision;

import dev.lepton.client.desired.Desired;
import dev.lepton.client.desired.DesiredRun;
import dev.lepton.client.unit.NodeName;
import dev.lepton.supervisor.journal.ObservedDesired;
import dev.lepton.supervisor.journal.UnitRecord;
import dev.lepton.supervisor.journal.UnitRecord.Wish;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a desired row asks of a unit here. A row is followed once: what an operator does on the node
 * afterwards stands until the row changes again.
 */
enum Following {
    /** The row is older than what was followed, or the same. */
    NOTHING,
    /** It asks for what is so already. */
    NOTED,
    RUN,
    STOP,
    RESTART;

    static Following of(UnitRecord entry, Desired desired, String clusterId, NodeName here) {
        ObservedDesired seen = seen(entry, clusterId);
        if (seen != null && desired.generation() <= seen.generation()) {
            return NOTHING;
        }
        if (sameRow(entry.desired(), desired)) {
            return NOTED;
        }
        if (desired.run() == DesiredRun.STOP || elsewhere(desired, here)) {
            return entry.wish() == Wish.STOPPED ? NOTED : STOP;
        }
        if (desired.restartGeneration() > restartedFor(entry, seen, desired)) {
            return RESTART;
        }
        return entry.wish() == Wish.RUN ? NOTED : RUN;
    }

    /** The record that makes a later supervisor go on with what is begun here. */
    UnitRecord intent(UnitRecord entry, Desired desired, String clusterId, String reason) {
        UnitRecord observed =
                entry.observing(
                        new ObservedDesired(
                                clusterId,
                                desired.generation(),
                                desired.restartGeneration(),
                                desired.updatedAt()));
        return switch (this) {
            case NOTHING, NOTED -> observed;
            case RUN -> observed.wishing(Wish.RUN, null);
            case STOP -> observed.wishing(Wish.STOPPED, reason);
            case RESTART -> observed.wishing(Wish.RUN, null).replacing(entry.startId());
        };
    }

    static String reason(Desired desired, NodeName here) {
        return elsewhere(desired, here)
                ? "assigned to node " + desired.node()
                : Objects.requireNonNullElse(desired.reason(), "wished at the registry");
    }

    private static boolean elsewhere(Desired desired, NodeName here) {
        return desired.node() != null && !desired.node().equals(here);
    }

    private static @Nullable ObservedDesired seen(UnitRecord entry, String clusterId) {
        ObservedDesired seen = entry.desired();
        return seen != null && seen.clusterId().equals(clusterId) ? seen : null;
    }

    /**
     * A failover of the database makes another cluster of the rows, and leaves them as they are.
     */
    private static boolean sameRow(@Nullable ObservedDesired followed, Desired desired) {
        return followed != null
                && followed.generation() == desired.generation()
                && desired.updatedAt().equals(followed.writtenAt());
    }

    /**
     * Whoever meets a row for the first time was not there for the restarts it counts, unless it
     * has only just been made. The rows of another cluster, as after a failover of the database,
     * are not new.
     */
    private static long restartedFor(
            UnitRecord entry, @Nullable ObservedDesired seen, Desired desired) {
        if (seen != null) {
            return seen.restartGeneration();
        }
        boolean justMade = entry.desired() == null && desired.generation() == 1;
        return justMade ? 0 : desired.restartGeneration();
    }
}
