package dev.lepton.supervisor.supervision;

import dev.lepton.client.incident.BlackBox;
import dev.lepton.client.incident.IncidentCause;
import dev.lepton.client.incident.ProbeResult;
import dev.lepton.supervisor.detection.Liveness;
import dev.lepton.supervisor.runtime.Run;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
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

    /** Why it is ended as hung, null while it is not. */
    @Nullable IncidentCause cause;

    @Nullable Instant detectedAt;

    /** When it was last seen well. */
    @Nullable Instant wellAt;

    /** Its threads, or what the kernel said of it, before it was ended. */
    @Nullable String threads;

    final Liveness liveness;
    long lookDueNanos;
    long probeDueNanos;

    /** When the last probe was sent that counts as unanswered. */
    long countedNanos;

    /** By when a run that drains unasked and answers no more is to end, null while none does. */
    @Nullable Long endDueNanos;

    int stoppedLooks;
    boolean probing;

    /** Whether an earlier supervisor started it, so that the length of its start is not known. */
    boolean adopted;

    private final ArrayDeque<ProbeResult> looks = new ArrayDeque<>();
    private EventLoop.@Nullable Timer nextLook;
    private EventLoop.@Nullable Timer nextAsk;
    private StartGate.@Nullable Ticket place;
    private EventLoop.@Nullable Timer nextProbe;
    private final List<EventLoop.Timer> timers = new ArrayList<>();

    /**
     * @param failures how many unanswered probes in a row prove that it hangs
     */
    LiveRun(Run run, long startedNanos, StartGate.@Nullable Ticket place, int failures) {
        this.run = run;
        this.startedNanos = startedNanos;
        this.place = place;
        this.liveness = new Liveness(failures);
    }

    void keep(EventLoop.Timer timer) {
        timers.add(timer);
    }

    /** One at a time: a run that lasts for months has millions of them. */
    void keepNextProbe(EventLoop.Timer timer) {
        nextProbe = timer;
    }

    void keepNextLook(EventLoop.Timer timer) {
        nextLook = timer;
    }

    /** The next question for a permit; there is one at a time. */
    void keepNextAsk(EventLoop.Timer timer) {
        if (nextAsk != null) {
            nextAsk.cancel();
        }
        nextAsk = timer;
    }

    void note(ProbeResult look) {
        looks.addLast(look);
        if (looks.size() > BlackBox.MOST_PROBES) {
            looks.removeFirst();
        }
    }

    /** The last looks at it, the oldest first. */
    List<ProbeResult> looks() {
        return List.copyOf(looks);
    }

    void cancelTimers() {
        if (nextLook != null) {
            nextLook.cancel();
            nextLook = null;
        }
        if (nextAsk != null) {
            nextAsk.cancel();
            nextAsk = null;
        }
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
