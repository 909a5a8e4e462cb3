package dev.lepton.supervisor.supervision;

import dev.lepton.supervisor.runtime.Run;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A run and what its unit's loop keeps about it while it lasts. */
final class LiveRun {

    final Run run;
    final long startedNanos;
    @Nullable Long readyNanos;
    boolean probedGood;

    /** The next bad probe of it, unless it is up, is its last. */
    boolean pastDeadline;

    /** How many probes were sent; the answer to an earlier one than the latest is void. */
    long probes;

    boolean over;
    boolean signalled;
    private StartGate.@Nullable Ticket place;
    private EventLoop.@Nullable Timer nextProbe;
    private final List<EventLoop.Timer> timers = new ArrayList<>();

    LiveRun(Run run, long startedNanos, StartGate.@Nullable Ticket place) {
        this.run = run;
        this.startedNanos = startedNanos;
        this.place = place;
    }

    void keep(EventLoop.Timer timer) {
        timers.add(timer);
    }

    /** One at a time: a run that lasts for months has millions of them. */
    void keepNextProbe(EventLoop.Timer timer) {
        nextProbe = timer;
    }

    void cancelTimers() {
        if (nextProbe != null) {
            nextProbe.cancel();
            nextProbe = null;
        }
        timers.forEach(EventLoop.Timer::cancel);
        timers.clear();
    }

    /** It no longer counts as starting. */
    void leavePlace() {
        if (place != null) {
            place.leave();
            place = null;
        }
    }

    /** How long it has been ready, zero when it never was. */
    Duration goodFor(long nowNanos) {
        return readyNanos == null ? Duration.ZERO : Duration.ofNanos(nowNanos - readyNanos);
    }
}
