package dev.lepton.supervisor.registry;

import dev.lepton.client.heartbeat.FenceTerms;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long a start of an exclusive unit may go on by what a registry has answered. It counts from
 * when the confirmed call was sent: the registry may have taken it right then. Time is that of the
 * monotonic clock.
 *
 * @param terms null while the unit is not exclusive, as far as is known
 */
record Confirmation(@Nullable FenceTerms terms, long sentNanos) {

    static final Confirmation NONE = new Confirmation(null, 0);

    /**
     * A beat was answered as stored. One that was sent when the time was over confirms nothing:
     * another process may have been told that the place is free.
     */
    Confirmation confirmed(@Nullable FenceTerms now, long sent) {
        return over(sent) ? this : new Confirmation(now, sent);
    }

    /**
     * What moves no count that runs: a registration may be the repeat of an earlier one, and a beat
     * may not have been stored.
     */
    Confirmation told(@Nullable FenceTerms now, long sent) {
        return terms == null
                ? new Confirmation(now, sent)
                : new Confirmation(longer(now, terms) ? terms : now, sentNanos);
    }

    /**
     * Only a confirmation makes a time longer that is running: another registry may know better.
     */
    private static boolean longer(@Nullable FenceTerms told, FenceTerms running) {
        return told != null && told.stopAfter().compareTo(running.stopAfter()) > 0;
    }

    /** Whether the process is to begin to end. */
    boolean over(long nanos) {
        return terms != null && nanos - sentNanos >= terms.stopAfter().toNanos();
    }

    /** What is left until the process must have ended, not negative. */
    Duration left(long nanos) {
        if (terms == null) {
            throw new IllegalStateException("a unit that is not exclusive need not end");
        }
        long left = terms.goneAfter().toNanos() - (nanos - sentNanos);
        return Duration.ofNanos(Math.max(0, left));
    }
}
