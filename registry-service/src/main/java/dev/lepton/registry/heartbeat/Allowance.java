package dev.lepton.registry.heartbeat;

import dev.lepton.registry.time.NanoClock;

/** A token bucket: so many questions to PostgreSQL each second, however many beats need one. */
final class Allowance {

    private final int perSecond;
    private final NanoClock clock;
    private double left;
    private long filledAt;

    Allowance(int perSecond, NanoClock clock) {
        this.perSecond = perSecond;
        this.clock = clock;
        this.left = perSecond;
        this.filledAt = clock.nanos();
    }

    synchronized boolean take() {
        long now = clock.nanos();
        left = Math.min(perSecond, left + (now - filledAt) * (perSecond / 1e9));
        filledAt = now;
        if (left < 1) {
            return false;
        }
        left--;
        return true;
    }
}
