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
     * @param answered whether it answered at all, which is a sign of life
     * @param what the answer in words
     */
    record Outcome(boolean good, boolean answered, String what) {

        static Outcome ready(String what) {
            return new Outcome(true, true, what);
        }

        static Outcome unanswered(String what) {
            return new Outcome(false, false, what);
        }
    }
}
