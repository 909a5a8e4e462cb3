package dev.lepton.supervisor.supervision;

import dev.lepton.supervisor.declaration.Probe;
import java.util.concurrent.CompletableFuture;

/** Asks a unit whether it is ready. */
public interface Prober {

    /** Completes with the outcome, never exceptionally. */
    CompletableFuture<Outcome> ask(Probe probe, int port);

    /**
     * @param good whether the unit is ready
     * @param what the answer in words
     */
    record Outcome(boolean good, String what) {}
}
