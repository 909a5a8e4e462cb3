package dev.lepton.registry.lease;

import dev.lepton.registry.settings.FlapSettings;
import dev.lepton.registry.settings.LeaseSettings;
import dev.lepton.registry.settings.LifecycleSettings;
import dev.lepton.registry.settings.SilenceSettings;
import java.time.Duration;

/**
 * The times by which a {@link LeaseBook} judges.
 *
 * @param tickEvery how often the book is asked
 * @param pauseLimit lateness of a tick beyond which all leases start afresh
 * @param replicaGoneAfter a replica whose mark stands still for longer is taken for gone
 * @param silenceWindow see {@link SilenceCap}
 * @param hold how long the cap holds a unit back, whatever others say of it
 * @param raiseAfter how long the cap has held a unit back when that is said again
 * @param heldOutAtMost how long a unit that beats may be kept out as flapping
 */
record LeaseTerms(
        Duration suspectAfter,
        Duration lease,
        Duration tickEvery,
        Duration pauseLimit,
        Duration replicaGoneAfter,
        Duration silenceWindow,
        Duration hold,
        Duration raiseAfter,
        Duration startDeadline,
        Duration heldOutAtMost,
        Duration forgetAfter) {

    /** The same while every lease is so many times as long. */
    LeaseTerms stretched(int factor) {
        return new LeaseTerms(
                suspectAfter.multipliedBy(factor),
                lease.multipliedBy(factor),
                tickEvery,
                pauseLimit,
                replicaGoneAfter,
                silenceWindow,
                hold,
                raiseAfter,
                startDeadline,
                heldOutAtMost,
                forgetAfter);
    }

    static LeaseTerms of(
            LeaseSettings lease,
            SilenceSettings silence,
            LifecycleSettings lifecycle,
            FlapSettings flap) {
        return new LeaseTerms(
                lease.suspectAfter(),
                lease.duration(),
                lease.sweepInterval(),
                lease.pauseLimit(),
                lease.storedWithin(),
                silence.window(),
                silence.hold(),
                silence.raiseAfter(),
                lifecycle.startDeadline(),
                flap.maxHold(),
                lifecycle.forgetAfter());
    }
}
