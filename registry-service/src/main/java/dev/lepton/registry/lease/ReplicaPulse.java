package dev.lepton.registry.lease;

import java.time.Duration;

/**
 * Whether silence behind a replica counts. It does when the replica's mark was fresh all the time,
 * or when the replica is gone and its clients had the time to move to another one.
 */
final class ReplicaPulse {

    private final long goneAfterNanos;
    private long seq;
    private long changedAt;
    private long freshSince;
    private long lastLook;

    ReplicaPulse(Duration goneAfter, long seq, long now) {
        this.goneAfterNanos = goneAfter.toNanos();
        this.seq = seq;
        refresh(now);
    }

    void refresh(long now) {
        changedAt = now;
        freshSince = now;
        lastLook = now;
    }

    /** A gap counts up to the look before this one: a late look of ours is no fault of theirs. */
    void seen(long newSeq, long now) {
        if (newSeq != seq) {
            if (gone(lastLook)) {
                freshSince = now;
            }
            seq = newSeq;
            changedAt = now;
        }
        lastLook = now;
    }

    /** Whether a silence of {@code span} of a unit whose last beat came through it counts. */
    boolean vouchesFor(long span, long now) {
        return gone(now) ? now - changedAt > goneAfterNanos + span : now - freshSince >= span;
    }

    private boolean gone(long now) {
        return now - changedAt > goneAfterNanos;
    }
}
