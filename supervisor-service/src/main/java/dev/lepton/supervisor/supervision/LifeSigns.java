package dev.lepton.supervisor.supervision;

import dev.lepton.client.heartbeat.SelfCheck;
import dev.lepton.supervisor.declaration.Probe;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Asks a unit that was ready whether it still does anything. */
public interface LifeSigns {

    /**
     * Asks for any sign of life: an answer with any status is one. Completes with the outcome,
     * never exceptionally.
     */
    CompletableFuture<Prober.Outcome> answers(
            Probe probe, String host, int port, Duration patience);

    /**
     * What a unit with the starter says of itself on its management port. Completes with {@link
     * SelfReport#NONE} when it says nothing in time, never exceptionally.
     */
    CompletableFuture<SelfReport> selfReport(String host, int managementPort, Duration patience);

    /**
     * @param completedRequests since its start, null when it did not say
     * @param selfCheck of its own connector, null when it did not say
     */
    record SelfReport(@Nullable Long completedRequests, @Nullable SelfCheck selfCheck) {

        public static final SelfReport NONE = new SelfReport(null, null);
    }
}
