package dev.lepton.supervisor.supervision;

import dev.lepton.supervisor.declaration.Probe;
import java.util.concurrent.CompletableFuture;

/** Asks a unit whether it is ready. */
public interface Prober {

    /**
     * Completes with the outcome, never exceptionally.
     *
     * @param host where the unit's ports are reached
     */
    CompletableFuture<Outcome> ask(Probe probe, String host, int port);

    /**
     * @param good whether the unit is ready
     * @param what the answer in words
     */
    record Outcome(boolean good, String what) {}
}
