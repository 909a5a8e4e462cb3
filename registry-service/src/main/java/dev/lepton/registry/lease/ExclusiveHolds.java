package dev.lepton.registry.lease;

import dev.lepton.registry.exclusive.Exclusivity;
import dev.lepton.registry.unit.UnitRow;
import dev.lepton.registry.unit.Units;
import java.time.Duration;

/**
 * Keeps other processes from an exclusive unit for as long as that of its holder may be at work:
 * until its end was seen, or it was not heard of for so long that it has ended itself. That the
 * lease ended, or that the unit deregistered, is no proof of that. A unit that was removed by an
 * operator is free by their word.
 */
public final class ExclusiveHolds {

    private final Exclusivity exclusivity;
    private final Leases leases;
    private final Units units;

    ExclusiveHolds(Exclusivity exclusivity, Leases leases, Units units) {
        this.exclusivity = exclusivity;
        this.leases = leases;
        this.units = units;
    }

    /** For how long yet; zero also for a unit that is not exclusive. */
    public Duration remaining(UnitRow holder) {
        if (holder.forgotten() || !exclusivity.of(holder)) {
            return Duration.ZERO;
        }
        Duration left =
                leases.remainingOf(exclusivity.replaceAfter(), holder.id(), holder.startId());
        return left.isPositive() && units.hasExited(holder.id(), holder.startId())
                ? Duration.ZERO
                : left;
    }
}
