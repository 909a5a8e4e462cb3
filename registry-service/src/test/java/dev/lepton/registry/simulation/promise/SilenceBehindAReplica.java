package dev.lepton.registry.simulation.promise;

import dev.lepton.registry.lifecycle.Event;
import dev.lepton.registry.simulation.happening.Happening;
import dev.lepton.registry.simulation.happening.Happening.Decided;
import java.time.Duration;

/**
 * P3: nobody whose last beat came through a replica is evicted until that replica stored its mark
 * for one lease without a gap, or is gone and its clients had one lease to move.
 */
public final class SilenceBehindAReplica implements Promise {

    private final Duration lease;
    private final Duration goneAfter;
    private final Duration latest;
    private final ReplicaMarks marks;

    /**
     * @param goneAfter a replica whose mark stands still for longer is gone
     * @param latest from one look of the leader to the next
     */
    public SilenceBehindAReplica(Duration lease, Duration goneAfter, Duration latest) {
        this.lease = lease;
        this.goneAfter = goneAfter;
        this.latest = latest;
        // A shorter gap may lie between two looks.
        this.marks = new ReplicaMarks(goneAfter.plus(latest).plus(latest).toNanos());
    }

    @Override
    public void see(Happening happening, long now) {
        marks.see(happening, now);
        if (happening instanceof Decided(var _, var _, var row, var event, var readAt)
                && event == Event.LEASE_EXPIRED) {
            ReplicaMarks.Pulse pulse = marks.behind(row.startId());
            if (pulse != null && marks.knownAt(row.startId(), readAt) && blind(pulse, now)) {
                throw new BrokenPromise(
                        "P3 silence behind a replica that stores nothing does not count",
                        "%s is evicted %d ms after the last mark of its replica, which is without a gap for %d ms"
                                .formatted(
                                        row.id(),
                                        (now - pulse.last()) / 1_000_000,
                                        (now - pulse.freshSince()) / 1_000_000));
            }
        }
    }

    private boolean blind(ReplicaMarks.Pulse pulse, long now) {
        long still = now - pulse.last();
        return still > goneAfter.plus(latest).toNanos()
                ? still <= goneAfter.plus(lease).toNanos()
                // A stand of the mark that is no gap yet may lie at the beginning.
                : now - pulse.freshSince() < lease.minus(goneAfter).minus(latest).toNanos();
    }
}
