package dev.lepton.registry.lease;

import dev.lepton.client.unit.UnitAddress;
import dev.lepton.registry.time.NanoClock;
import dev.lepton.registry.time.PeriodicLoop;
import org.jspecify.annotations.Nullable;

/**
 * One question whether an address answers. To find the address may take longer than anything bounds
 * it: whoever has not answered in time is not reached, although the question is still on its way.
 */
final class HeldProbe implements Runnable {

    /** What a question has found so far. */
    enum Word {
        NOTHING,
        REACHED,
        NOT_REACHED
    }

    private static final long OVERDUE_NANOS = HeldProbes.PATIENCE.plus(PeriodicLoop.LATE).toNanos();

    private final UnitAddress address;
    private final Reach reach;
    private final NanoClock clock;
    private volatile @Nullable Long begun;
    private volatile @Nullable Boolean reached;

    HeldProbe(UnitAddress address, Reach reach, NanoClock clock) {
        this.address = address;
        this.reach = reach;
        this.clock = clock;
    }

    @Override
    public void run() {
        begun = clock.nanos();
        reached = reach.reaches(address);
    }

    /** Lets the time for an answer begin once more. */
    void startAfresh(long now) {
        if (begun != null) {
            begun = now;
        }
    }

    boolean answered() {
        return reached != null;
    }

    /** A question that was not asked yet, because this process is starved, says nothing. */
    Word word(long now) {
        Boolean answer = reached;
        if (answer != null) {
            return answer ? Word.REACHED : Word.NOT_REACHED;
        }
        Long since = begun;
        return since != null && now - since > OVERDUE_NANOS ? Word.NOT_REACHED : Word.NOTHING;
    }
}
