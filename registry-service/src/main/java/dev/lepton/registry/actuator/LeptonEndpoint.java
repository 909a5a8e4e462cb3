package dev.lepton.registry.actuator;

import dev.lepton.client.unit.UnitState;
import dev.lepton.registry.changelog.ChangeWriter;
import dev.lepton.registry.changelog.LeaderGuard;
import dev.lepton.registry.fleet.FleetView;
import dev.lepton.registry.heartbeat.MarkFlusher;
import dev.lepton.registry.leader.Leadership;
import dev.lepton.registry.lease.LeaseFigures;
import dev.lepton.registry.replica.ReplicaId;
import dev.lepton.registry.stretch.Stretch;
import dev.lepton.registry.unit.UnitRow;
import dev.lepton.registry.watch.WatchFigures;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/** {@code /actuator/lepton}: what this replica knows and does, from memory. */
@Endpoint(id = "lepton")
final class LeptonEndpoint {

    private final FleetView fleet;
    private final Leadership leadership;
    private final MarkFlusher flusher;
    private final ReplicaId replica;
    private final Stretch stretch;
    private final LeaseFigures leases;
    private final WatchFigures watch;
    private final ChangeWriter writer;

    LeptonEndpoint(
            FleetView fleet,
            Leadership leadership,
            MarkFlusher flusher,
            ReplicaId replica,
            Stretch stretch,
            LeaseFigures leases,
            WatchFigures watch,
            ChangeWriter writer) {
        this.fleet = fleet;
        this.leadership = leadership;
        this.flusher = flusher;
        this.replica = replica;
        this.stretch = stretch;
        this.leases = leases;
        this.watch = watch;
        this.writer = writer;
    }

    @ReadOperation
    State state() {
        FleetView.Picture picture = fleet.picture();
        Map<UnitState, Integer> byState = new EnumMap<>(UnitState.class);
        for (UnitRow unit : picture.units()) {
            byState.merge(unit.phase().state(), 1, Integer::sum);
        }
        LeaderGuard guard = leadership.guard();
        Duration flushAge = flusher.age();
        return new State(
                replica.value(),
                guard != null,
                guard == null ? null : guard.epoch(),
                picture.position().clusterId(),
                picture.position().revision(),
                fleet.age().toMillis(),
                flushAge == null ? null : flushAge.toMillis(),
                picture.units().size(),
                byState,
                new LeaseState(leases.watched(), stretch.leaseFactor(), stretch.intervalFactor()),
                new WatchState(watch.watchers(), watch.closedAsSlow()),
                new Buffers(
                        watch.bufferedChanges(),
                        watch.bufferedBytes(),
                        flusher.unflushed(),
                        writer.waiting()));
    }

    /**
     * The registry's state.
     *
     * @param leader whether this replica does the leader's duties
     * @param epoch under which it does, null when it does not lead
     * @param revision of the change log, up to which this replica has read
     * @param ageMillis since the change log was last read: how far this replica lags at most
     * @param flushAgeMillis since beats last reached PostgreSQL through this replica, null for
     *     never
     */
    record State(
            UUID replica,
            boolean leader,
            @Nullable Long epoch,
            String clusterId,
            long revision,
            long ageMillis,
            @Nullable Long flushAgeMillis,
            int units,
            Map<UnitState, Integer> unitsByState,
            LeaseState leases,
            WatchState watch,
            Buffers buffers) {}

    /**
     * How silence is judged.
     *
     * @param watched units whose marks this replica follows
     * @param stretched how many times as long as set the leases are
     * @param intervalsStretched how many times as long as set the intervals of beats are
     */
    record LeaseState(int watched, int stretched, int intervalsStretched) {}

    /**
     * Who follows.
     *
     * @param closedAsSlow watchers that did not keep up, since the start
     */
    record WatchState(int watchers, long closedAsSlow) {}

    /**
     * What waits in memory.
     *
     * @param changes that are kept for watchers
     * @param changeBytes of these
     * @param unflushedBeats units whose last beat is not yet in PostgreSQL
     * @param waitingWrites changes that are not yet stored
     */
    record Buffers(int changes, long changeBytes, long unflushedBeats, int waitingWrites) {}
}
