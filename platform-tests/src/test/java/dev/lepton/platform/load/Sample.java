package dev.lepton.platform.load;

import org.jspecify.annotations.Nullable;

/**
 * One request. Times are of {@link System#nanoTime()}.
 *
 * @param by who answered, null when it failed
 * @param failure why it failed, null when it was answered
 */
public record Sample(
        long dueNanos,
        long sentNanos,
        long doneNanos,
        @Nullable String by,
        @Nullable Exception failure) {

    static Sample answered(long due, long sent, long done, String by) {
        return new Sample(due, sent, done, by, null);
    }

    static Sample failed(long due, long sent, long done, Exception failure) {
        return new Sample(due, sent, done, null, failure);
    }

    public long latencyNanos() {
        return doneNanos - dueNanos;
    }

    public long lagNanos() {
        return sentNanos - dueNanos;
    }
}
