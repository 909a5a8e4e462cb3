package dev.lepton.registry.stretch;

import java.time.Duration;

/**
 * Decides how much intervals and leases are stretched: doubled until the beats of all units are no
 * more than a rate, and halved again when they would then be no more than four fifths of it, so
 * that a fleet at the limit does not go to and fro.
 *
 * <p>A unit must never beat more seldom than its lease allows, nor an exclusive one that cannot be
 * reached live longer than its place is held for. So leases grow first, and intervals only after
 * every replica has judged by the new leases for as long as an old one lasts; and intervals shrink
 * first, and leases only after every unit has heard of it or has lost its lease.
 *
 * @param interval of an unstretched beat
 * @param settling how long an unstretched lease, and what is held after it, may last
 */
record StretchPolicy(Duration interval, int maxRate, Duration settling) {

    static final int MOST = 32;
    private static final double CALM = 0.8;

    /** The factor that so many units ask for, when they are at another one. */
    int wanted(int now, int units) {
        int factor = now;
        while (factor < MOST && units > atMost(factor)) {
            factor *= 2;
        }
        while (factor > 1 && units <= CALM * atMost(factor / 2)) {
            factor /= 2;
        }
        return factor;
    }

    private double atMost(int factor) {
        return maxRate * factor * (interval.toNanos() / 1e9);
    }

    /**
     * The next step towards what is wanted.
     *
     * @param stood how long the stored factors have been seen to be as they are
     */
    StretchFactors next(StretchFactors stored, int units, Duration stood) {
        int wanted = wanted(stored.lease(), units);
        if (wanted > stored.lease()) {
            return new StretchFactors(wanted, stored.interval());
        }
        if (wanted < stored.interval()) {
            return new StretchFactors(stored.lease(), wanted);
        }
        if (wanted > stored.interval() && settled(stored.interval(), stood)) {
            return new StretchFactors(stored.lease(), wanted);
        }
        if (wanted == stored.interval()
                && wanted < stored.lease()
                && settled(stored.lease(), stood)) {
            return new StretchFactors(wanted, wanted);
        }
        return stored;
    }

    private boolean settled(int factor, Duration stood) {
        return stood.compareTo(settling.multipliedBy(factor)) >= 0;
    }
}
