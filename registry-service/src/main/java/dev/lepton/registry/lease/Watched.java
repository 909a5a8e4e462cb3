package dev.lepton.registry.lease;

import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.registry.lease.Marks.UnitMark;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.unit.UnitRow;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the lease book knows of one start of a unit. */
final class Watched {

    final ServiceName service;
    final StartId start;
    private long seq;
    private @Nullable UUID replica;
    long changedAt;
    private Phase phase;
    long phaseSince;
    boolean preserved;
    private long version;
    private long decidedVersion;

    Watched(UnitRow unit, long now) {
        this.service = unit.service();
        this.start = unit.startId();
        this.phase = unit.phase();
        this.changedAt = now;
        this.phaseSince = now;
        this.version = unit.version();
        this.preserved = preserving(unit);
    }

    private static boolean preserving(UnitRow unit) {
        return unit.phase() == Phase.SUSPECT && unit.reason().startsWith(LeaseBook.PRESERVING);
    }

    Phase phase() {
        return phase;
    }

    void refresh(long now) {
        changedAt = now;
        if (phase == Phase.STARTING || phase == Phase.RECOVERING) {
            phaseSince = now;
        }
    }

    /** A unit comes up by a beat, whose mark may be stored after the move. */
    void seen(UnitRow unit, @Nullable UnitMark mark, long now) {
        if (unit.phase() != phase) {
            phase = unit.phase();
            phaseSince = now;
            changedAt = phase == Phase.UP ? now : changedAt;
        }
        if (unit.version() != version) {
            version = unit.version();
            // The row tells what was stored, also when the answer to its writer was lost.
            preserved = preserving(unit);
        }
        if (mark != null && mark.start().equals(start) && mark.seq() > seq) {
            seq = mark.seq();
            replica = mark.replica();
            changedAt = now;
            preserved = false;
        }
    }

    boolean silentFor(Duration span, long now, Map<UUID, ReplicaPulse> replicas) {
        ReplicaPulse pulse = replica == null ? null : replicas.get(replica);
        return now - changedAt > span.toNanos()
                && (pulse == null || pulse.vouchesFor(span.toNanos(), now));
    }

    void decide(UnitRow unit) {
        decidedVersion = unit.version();
    }

    void undecide() {
        decidedVersion = 0;
        preserved = false;
    }

    /** Whether the row is the one on which a taking was decided already. */
    boolean decidedOn(UnitRow unit) {
        return decidedVersion >= unit.version();
    }
}
