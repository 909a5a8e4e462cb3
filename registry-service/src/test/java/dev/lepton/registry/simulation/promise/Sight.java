package dev.lepton.registry.simulation.promise;

import dev.lepton.registry.simulation.happening.Happening.Looked;
import org.jspecify.annotations.Nullable;

/**
 * Since when one replica has looked without being late or blind, and since it became the leader.
 */
final class Sight {

    private final long latestNanos;
    private @Nullable Long epoch;
    private boolean leads;
    private long lastLook = Long.MIN_VALUE / 2;
    private long since;
    private @Nullable Long firstLook;

    /**
     * @param latestNanos from one look to the next, at most
     */
    Sight(long latestNanos) {
        this.latestNanos = latestNanos;
    }

    void looked(Looked look, long now) {
        leads = look.epoch() != null;
        boolean gap = look.blind() || now - lastLook > latestNanos;
        boolean becomesLeader = leads && !look.epoch().equals(epoch);
        firstLook = firstLook == null ? (Long) now : firstLook;
        since = gap || becomesLeader ? now : since;
        epoch = leads ? look.epoch() : epoch;
        lastLook = now;
    }

    /** Since when it has looked, leading or not. */
    long firstLook() {
        if (firstLook == null) {
            throw new IllegalStateException("it has not looked yet");
        }
        return firstLook;
    }

    /** Null when it does not lead, or has not looked lately. */
    @Nullable Long since(long now) {
        return leads && now - lastLook <= latestNanos ? (Long) since : null;
    }

    long lastLook() {
        return lastLook;
    }

    /** Under which it led last. */
    @Nullable Long epoch() {
        return epoch;
    }
}
