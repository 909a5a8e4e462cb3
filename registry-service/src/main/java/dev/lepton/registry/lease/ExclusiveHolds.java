package dev.lepton.registry.lease;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.unit.UnitRow;
import java.time.Duration;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Keeps other processes from an exclusive unit for as long as that of its holder may be at work:
 * until its end was seen, or it was not heard of for so long that it has ended itself. That the
 * lease ended, or that the unit deregistered, is no proof of that. A unit that was removed by an
 * operator is free by their word.
 */
public final class ExclusiveHolds {

    private final Predicate<UnitRow> exclusive;
    private final Supplier<Duration> replaceAfter;
    private final Leases leases;
    private final BiPredicate<UnitId, StartId> exited;

    /**
     * @param exclusive which units are
     * @param replaceAfter how long after the last sign of life of one another process may start
     * @param exited whether the process of a start was seen to end
     */
    ExclusiveHolds(
            Predicate<UnitRow> exclusive,
            Supplier<Duration> replaceAfter,
            Leases leases,
            BiPredicate<UnitId, StartId> exited) {
        this.exclusive = exclusive;
        this.replaceAfter = replaceAfter;
        this.leases = leases;
        this.exited = exited;
    }

    /** For how long yet; zero also for a unit that is not exclusive. */
    public Duration remaining(UnitRow holder) {
        if (holder.forgotten() || !exclusive.test(holder)) {
            return Duration.ZERO;
        }
        Duration left = leases.remainingOf(replaceAfter.get(), holder.id(), holder.startId());
        return left.isPositive() && exited.test(holder.id(), holder.startId())
                ? Duration.ZERO
                : left;
    }
}
