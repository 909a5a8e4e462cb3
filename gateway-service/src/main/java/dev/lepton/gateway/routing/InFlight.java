package dev.lepton.gateway.routing;

/** An attempt that waits for a unit's answer. */
@FunctionalInterface
public interface InFlight {

    /**
     * Told when the unit has failed or was superseded, once or twice: a request that can safely go
     * elsewhere does so now. A unit that ends in order finishes what it has.
     */
    void unitGone();
}
