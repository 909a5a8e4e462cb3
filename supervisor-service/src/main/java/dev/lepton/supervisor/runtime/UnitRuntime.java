package dev.lepton.supervisor.runtime;

import dev.lepton.client.unit.StartId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs units: as processes, or as containers. */
public interface UnitRuntime {

    /**
     * @throws IOException when nothing was started
     */
    Run start(LaunchSpec spec) throws IOException;

    /**
     * Finds a start that an earlier supervisor made and that still runs. Never answers with a
     * process that cannot be proven to be that start.
     *
     * @param recorded what was written down about its process, null when the supervisor died before
     *     it could
     * @throws UncheckedIOException when it cannot be told whether it still runs
     */
    Optional<Run> find(StartId startId, @Nullable ProcessMark recorded);

    /**
     * Ends what a start has left behind whose main process is gone, so that it does not stand in
     * the way of the next one.
     *
     * @throws UncheckedIOException when it cannot be told what that is
     */
    void sweep(StartId startId, ProcessMark recorded);
}
