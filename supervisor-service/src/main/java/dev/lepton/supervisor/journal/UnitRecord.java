package dev.lepton.supervisor.journal;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.supervisor.runtime.ProcessMark;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is kept on disk about one unit.
 *
 * @param port the unit's port for its life, null before the first start
 * @param managementPort null when it has none, or before the first start
 * @param startId of the run that is on, null when none is; written before the process is started
 * @param process null until the process of {@code startId} is started
 * @param log the file of the run that is on, else of the last one
 * @param wasReady whether the run that is on has been ready
 * @param restarts when the unit was restarted by itself lately, the oldest first
 * @param restartCount how often it was restarted by itself in all
 * @param wish what an operator or the policy has decided about it
 * @param reason why, when the wish is not to run
 */
public record UnitRecord(
        UnitId unitId,
        @Nullable Integer port,
        @Nullable Integer managementPort,
        @Nullable StartId startId,
        @Nullable ProcessMark process,
        @Nullable Path log,
        boolean wasReady,
        List<Instant> restarts,
        long restartCount,
        Wish wish,
        @Nullable String reason) {

    private static final int RESTARTS_KEPT = 100;

    public UnitRecord {
        restarts =
                List.copyOf(
                        restarts.subList(
                                Math.max(0, restarts.size() - RESTARTS_KEPT), restarts.size()));
    }

    /** Whether a unit is to run when the supervisor starts. */
    public enum Wish {
        RUN,
        /** An operator stopped it, or it ended as it may. */
        STOPPED,
        /** The policy gave it up. */
        QUARANTINED
    }

    public static UnitRecord unknown(UnitId unit) {
        return new UnitRecord(
                unit, null, null, null, null, null, false, List.of(), 0, Wish.RUN, null);
    }

    public UnitRecord withPorts(int main, @Nullable Integer management) {
        return new UnitRecord(
                unitId,
                main,
                management,
                startId,
                process,
                log,
                wasReady,
                restarts,
                restartCount,
                wish,
                reason);
    }

    /** A run begins; its process is not started yet. */
    public UnitRecord beginning(StartId start, Path logFile) {
        return new UnitRecord(
                unitId,
                port,
                managementPort,
                start,
                null,
                logFile,
                false,
                restarts,
                restartCount,
                Wish.RUN,
                null);
    }

    public UnitRecord running(ProcessMark mark) {
        return new UnitRecord(
                unitId,
                port,
                managementPort,
                startId,
                mark,
                log,
                wasReady,
                restarts,
                restartCount,
                wish,
                reason);
    }

    public UnitRecord ready() {
        return new UnitRecord(
                unitId,
                port,
                managementPort,
                startId,
                process,
                log,
                true,
                restarts,
                restartCount,
                wish,
                reason);
    }

    /** The run is over. */
    public UnitRecord ended() {
        return new UnitRecord(
                unitId,
                port,
                managementPort,
                null,
                null,
                log,
                false,
                restarts,
                restartCount,
                wish,
                reason);
    }

    public UnitRecord restartedAt(Instant now) {
        List<Instant> more = new ArrayList<>(restarts);
        more.add(now);
        return new UnitRecord(
                unitId,
                port,
                managementPort,
                startId,
                process,
                log,
                wasReady,
                more,
                restartCount + 1,
                wish,
                reason);
    }

    public UnitRecord withRestarts(List<Instant> kept) {
        return new UnitRecord(
                unitId,
                port,
                managementPort,
                startId,
                process,
                log,
                wasReady,
                kept,
                restartCount,
                wish,
                reason);
    }

    public UnitRecord wishing(Wish newWish, @Nullable String why) {
        return new UnitRecord(
                unitId,
                port,
                managementPort,
                startId,
                process,
                log,
                wasReady,
                restarts,
                restartCount,
                newWish,
                why);
    }
}
