package dev.lepton.gateway.routing;

/** An attempt that waits for a unit's answer. */
@FunctionalInterface
public interface InFlight {

    /**
     * Told when the unit is gone for good, once or twice: a request that can safely go elsewhere
     * does so now.
     */
    void unitGone();
}
