package dev.lepton.supervisor.detection;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Judges a unit by the probes that it does not answer. A unit hangs when several probes in a row
 * were not answered while it completed no request. Whoever is overloaded does not answer either but
 * completes requests, so that overload never looks like a hang.
 *
 * <p>A unit that does not tell its requests is judged by the processor time that it uses: a process
 * that waits for itself uses none. One that uses some may still loop for nothing; it gets four
 * times as many probes.
 */
public final class Liveness {

    private static final int PATIENCE = 4;
    private static final int IDLE_SHARE = 20;

    private final int limit;
    private int unanswered;
    private long firstNanos;
    private @Nullable Long completedBefore;
    private @Nullable Duration cpuBefore;

    /**
     * @param limit how many unanswered probes in a row prove a hang
     */
    public Liveness(int limit) {
        this.limit = limit;
    }

    /** A probe was answered, or the observer cannot be trusted: what was seen before is void. */
    public void reset() {
        unanswered = 0;
        completedBefore = null;
        cpuBefore = null;
    }

    /** How many probes in a row were not answered. */
    public int unanswered() {
        return unanswered;
    }

    public Verdict unanswered(Look look, long nowNanos) {
        if (unanswered == 0) {
            firstNanos = nowNanos;
            cpuBefore = look.cpuTime();
        }
        unanswered++;
        Long completed = look.completedRequests();
        boolean compared = completed != null && completedBefore != null;
        if (completed != null && completedBefore != null && completed > completedBefore) {
            String reason =
                    "%s, but %d requests were completed meanwhile"
                            .formatted(look.what(), completed - completedBefore);
            reset();
            return new Verdict.Slow(reason);
        }
        if (completedBefore == null) {
            completedBefore = completed;
        }
        if (look.selfCheckUnanswered() && unanswered >= 2) {
            return hung(look, "its own self-check is not answered either");
        }
        if (unanswered < limit) {
            return new Verdict.Unanswered(unanswered);
        }
        if (compared) {
            return hung(look, "no request was completed meanwhile");
        }
        if (completed == null && idle(look, nowNanos)) {
            return hung(look, "it used next to no processor time meanwhile");
        }
        return unanswered < limit * PATIENCE
                ? new Verdict.Unanswered(unanswered)
                : hung(look, "nobody can tell whether it does anything");
    }

    private boolean idle(Look look, long nowNanos) {
        return look.cpuTime() != null
                && cpuBefore != null
                && look.cpuTime().minus(cpuBefore).toNanos() * IDLE_SHARE <= nowNanos - firstNanos;
    }

    private Verdict hung(Look look, String why) {
        return new Verdict.Hung(
                "hung: %d probes in a row were not answered (%s), and %s"
                        .formatted(unanswered, look.what(), why));
    }
}
