package dev.lepton.starter.fence;

import dev.lepton.client.heartbeat.FenceTerms;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether an exclusive unit's process may still be at work. A confirmation counts from when
 * its call was sent: the registry may have taken it right then, and answered only after a long
 * pause of either side. Time is that of the monotonic clock. Safe for many threads.
 */
public final class Fence {

    private final AtomicReference<State> state = new AtomicReference<>(new State(null, 0, false));
    private volatile boolean awaited;

    /**
     * @param declared whether the unit says itself that it is exclusive, so that it takes no
     *     request before a registry has made it the unit
     */
    public Fence(boolean declared) {
        this.awaited = declared;
    }

    /**
     * @param terms null while the unit is not exclusive
     * @param confirmedNanos when the latest confirmed call was sent
     * @param over whether it was found closed once, which is for good
     */
    private record State(@Nullable FenceTerms terms, long confirmedNanos, boolean over) {

        State at(long now) {
            return !over && passed(terms == null ? null : terms.stopAfter(), now)
                    ? new State(terms, confirmedNanos, true)
                    : this;
        }

        private boolean passed(@Nullable Duration span, long now) {
            return span != null && now - confirmedNanos >= span.toNanos();
        }
    }

    /**
     * A registry has confirmed this process as the unit. What was sent after the time of the last
     * confirmation confirms nothing: another process may have been told that the place is free.
     *
     * @param terms null when the unit is not exclusive
     * @param sentNanos when the call was sent
     */
    public void confirmed(@Nullable FenceTerms terms, long sentNanos) {
        state.updateAndGet(before -> {
            State s = before.at(sentNanos);
            return s.over() ? s : new State(terms, sentNanos, false);
        });
        awaited = false;
    }

    /**
     * A registry has answered with what moves no count that runs: a registration may be the repeat
     * of one that counts for longer, and a beat may not have been stored.
     *
     * @param terms null when the unit is not exclusive (any more)
     */
    public void told(@Nullable FenceTerms terms, long sentNanos) {
        state.updateAndGet(s -> {
            if (s.over()) {
                return s;
            }
            // Exclusive from now on: there was no need to count before.
            long since = s.terms() == null ? sentNanos : s.confirmedNanos();
            return new State(shorter(s.terms(), terms), since, false);
        });
        awaited = false;
    }

    /**
     * Only a confirmation makes a time longer that is running: another registry may know better.
     */
    private static @Nullable FenceTerms shorter(
            @Nullable FenceTerms running, @Nullable FenceTerms told) {
        boolean longer =
                running != null
                        && told != null
                        && told.stopAfter().compareTo(running.stopAfter()) > 0;
        return longer ? running : told;
    }

    /** Whether requests are to be refused now. */
    public boolean refuses(long now) {
        return awaited || closed(now);
    }

    /** Whether the process is to take no request any more and to end; once so, for good. */
    public boolean closed(long now) {
        return state.updateAndGet(s -> s.at(now)).over();
    }

    /** How many nanoseconds are left to end in, zero or less for none. */
    long leftToEnd(long now) {
        State present = state.get();
        return present.terms() == null
                ? Long.MAX_VALUE
                : present.terms().goneAfter().toNanos() - (now - present.confirmedNanos());
    }
}
