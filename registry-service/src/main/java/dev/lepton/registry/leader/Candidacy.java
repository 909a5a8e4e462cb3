package dev.lepton.registry.leader;

import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Decides when this process may try to lead: after it saw the leader's {@code seq} unchanged for
 * one lease by its own monotonic clock. A look that came so late that the leader may have been kept
 * from renewing by the same cause begins the watch anew.
 */
final class Candidacy {

    private final UUID self;
    private final long leaseNanos;
    private final long lateNanos;
    private @Nullable Watch watch;

    /**
     * @param late distance of two looks beyond which the watch begins anew
     */
    Candidacy(UUID self, Duration lease, Duration late) {
        this.self = self;
        this.leaseNanos = lease.toNanos();
        this.lateNanos = late.toNanos();
    }

    Step next(@Nullable LeaderRow row, long now) {
        if (row == null) {
            return new Found();
        }
        if (self.equals(row.holder())) {
            watch = null;
            return new Renew(row.epoch());
        }
        if (row.holder() == null) {
            return new TakeOver(row);
        }
        Watch seen = watch;
        if (seen == null || !seen.row.equals(row) || now - seen.lastLook > lateNanos) {
            watch = new Watch(row, now, now);
            return new Wait();
        }
        watch = new Watch(row, seen.since, now);
        return now - seen.since >= leaseNanos ? new TakeOver(row) : new Wait();
    }

    private record Watch(LeaderRow row, long since, long lastLook) {}

    /** What to do now. */
    sealed interface Step {}

    /** There is no row yet: insert the first. */
    record Found() implements Step {}

    /** This process leads: renew. */
    record Renew(long epoch) implements Step {}

    /** Nobody renews: take over by compare-and-set on this row. */
    record TakeOver(LeaderRow seen) implements Step {}

    /** Somebody leads, or may still do. */
    record Wait() implements Step {}
}
