package dev.lepton.supervisor.runtime;

import dev.lepton.client.unit.UnitId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs units: as processes, or as containers. */
public interface UnitRuntime {

    /**
     * Why a unit cannot be started now although nothing is wrong with it, null when it can. It is
     * asked again until that is over.
     */
    @Nullable String obstacle(UnitId unit);

    /**
     * @throws IOException when nothing was started
     */
    Run start(LaunchSpec spec) throws IOException;

    /**
     * Finds a start that an earlier supervisor made and that still runs. Never answers with a
     * process or container that cannot be proven to be that start.
     *
     * @throws UncheckedIOException when it cannot be told whether it still runs
     */
    Optional<Run> find(RecordedRun recorded);

    /**
     * Ends what a start has left behind whose main process is gone, so that it does not stand in
     * the way of the next one.
     *
     * @throws UncheckedIOException when it cannot be told what that is
     */
    void sweep(RecordedRun recorded);

    /**
     * A unit without a run is to have none until it is started here: whoever else would start it is
     * kept from it.
     */
    void rest(UnitId unit);

    /** Whether runs end with the supervisor; otherwise they go on, and the next one finds them. */
    boolean endsWithSupervisor(UnitId unit);
}
