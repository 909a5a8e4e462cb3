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
    private @Nullable Long heldSince;
    private boolean raised;
    private long version;
    private long decidedVersion;

    Watched(UnitRow unit, long now) {
        this.service = unit.service();
        this.start = unit.startId();
        this.phase = unit.phase();
        this.changedAt = now;
        this.phaseSince = now;
        this.version = unit.version();
        readHold(unit, now);
    }

    /** The row tells what was stored, also when the answer to its writer was lost. */
    private void readHold(UnitRow unit, long now) {
        if (!Preserving.holds(unit)) {
            letGo();
            return;
        }
        if (heldSince == null) {
            heldSince = now;
        }
        raised = raised || Preserving.isRaised(unit);
    }

    Phase phase() {
        return phase;
    }

    void refresh(long now) {
        changedAt = now;
        if (heldSince != null) {
            heldSince = now;
        }
        if (awaitsAStart()) {
            phaseSince = now;
        }
    }

    private boolean awaitsAStart() {
        return switch (phase) {
            case STARTING, RESTARTING, RECOVERING, PROBATION -> true;
            case UP, SUSPECT, DRAINING, DOWN_SILENT, DOWN_HUNG, DOWN_EXITED, QUARANTINED, STOPPED ->
                    false;
        };
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
            readHold(unit, now);
        }
        if (mark != null && mark.start().equals(start) && mark.seq() > seq) {
            seq = mark.seq();
            replica = mark.replica();
            changedAt = now;
            letGo();
        }
    }

    boolean silentFor(Duration span, long now, Map<UUID, ReplicaPulse> replicas) {
        ReplicaPulse pulse = replica == null ? null : replicas.get(replica);
        return now - changedAt > span.toNanos()
                && (pulse == null || pulse.vouchesFor(span.toNanos(), now));
    }

    /** Whether the cap holds the unit back. */
    boolean held() {
        return heldSince != null;
    }

    boolean heldFor(Duration span, long now) {
        return heldSince != null && now - heldSince > span.toNanos();
    }

    /** True once, when the hold has lasted for so long. */
    boolean holdIsToBeRaised(Duration span, long now) {
        boolean due = !raised && heldFor(span, now);
        raised |= due;
        return due;
    }

    void hold(long now) {
        heldSince = now;
        raised = false;
    }

    /**
     * That the unit is held, or still held, was not stored. What its row says goes on holding it.
     */
    void unsaid(UnitRow unit) {
        raised = false;
        if (!Preserving.holds(unit)) {
            heldSince = null;
        }
    }

    void letGo() {
        heldSince = null;
        raised = false;
    }

    void decide(UnitRow unit) {
        decidedVersion = unit.version();
    }

    void undecide() {
        decidedVersion = 0;
    }

    /** Whether the row is the one on which a taking was decided already. */
    boolean decidedOn(UnitRow unit) {
        return decidedVersion >= unit.version();
    }
}
