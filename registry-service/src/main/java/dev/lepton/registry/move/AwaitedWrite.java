package dev.lepton.registry.move;

import dev.lepton.registry.changelog.WriteOutcome;
import dev.lepton.registry.unit.DatabaseAway;
import dev.lepton.registry.unit.Postgres;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for what the change log does with a change. */
public final class AwaitedWrite {

    private static final long PATIENCE_SECONDS = 2;

    private AwaitedWrite() {}

    /**
     * @throws DatabaseAway when it is not known in time; the change may be stored nevertheless
     */
    public static WriteOutcome of(CompletableFuture<WriteOutcome> outcome) {
        try {
            return outcome.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new DatabaseAway(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatabaseAway(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw Postgres.failure(cause);
            }
            throw new IllegalStateException("a change could not be stored", e);
        }
    }
}
