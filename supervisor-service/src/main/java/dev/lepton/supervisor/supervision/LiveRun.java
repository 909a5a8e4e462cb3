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
    boolean over;
    boolean signalled;
    private StartGate.@Nullable Ticket place;
    private final List<EventLoop.Timer> timers = new ArrayList<>();

    LiveRun(Run run, long startedNanos, StartGate.@Nullable Ticket place) {
        this.run = run;
        this.startedNanos = startedNanos;
        this.place = place;
    }

    void keep(EventLoop.Timer timer) {
        timers.add(timer);
    }

    void cancelTimers() {
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
