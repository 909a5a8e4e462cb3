package dev.lepton.supervisor.runtime;

import dev.lepton.client.unit.StartId;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;

/** One start of a unit that was started or found again. */
public interface Run {

    StartId startId();

    ProcessMark mark();

    /** Completes as soon as the main process has ended. */
    CompletableFuture<Exit> exit();

    /** Asks every process of the run to end (SIGTERM). */
    void terminate();

    /** Ends every process of the run at once (SIGKILL), descendants included. */
    void kill();

    /**
     * Whether any process of the run is left, also after its main one has ended.
     *
     * @throws UncheckedIOException when it cannot be told
     */
    boolean hasSurvivors();
}
