package dev.lepton.supervisor.runtime;

import dev.lepton.client.incident.DrillFault;
import dev.lepton.client.unit.StartId;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One start of a unit that was started or found again. */
public interface Run {

    StartId startId();

    RunMark mark();

    /** Of its main process, null when unknown. */
    @Nullable Long pid();

    /** Where its ports are reached from here, as a host name or an IP address. */
    String host();

    /** Completes as soon as the main process has ended. */
    CompletableFuture<Exit> exit();

    /**
     * Asks every process of the run to end (SIGTERM).
     *
     * @param grace after which whoever asked will kill it
     */
    void terminate(Next next, Duration grace);

    /** Asks the main process, if it is a JVM, to write its threads into its log (SIGQUIT). */
    void askForThreads();

    /** What its main process does now. */
    RunState state();

    /** What the operating system says of the main process, as text; empty when it says nothing. */
    String description();

    /** The processor time that its processes have used, null when unknown. */
    @Nullable Duration cpuTime();

    /** Whether a process of its surroundings was killed for want of memory since it began. */
    boolean memoryRanOut();

    /** Ends every process of the run at once (SIGKILL), descendants included. */
    void kill(Next next);

    /**
     * Makes the main process fail, and leaves all that follows to those who watch it. Does not
     * block. Completes with whether the process of this very start was struck; never with true for
     * a run that cannot be struck from here.
     */
    default CompletableFuture<Boolean> strike(DrillFault fault) {
        return CompletableFuture.completedFuture(false);
    }

    /**
     * Whether any process of the run is left, also after its main one has ended.
     *
     * @throws UncheckedIOException when it cannot be told
     */
    boolean hasSurvivors();

    /** Why it cannot be ended now, null when it can; it is asked again until that is over. */
    default @Nullable String unendable() {
        return null;
    }
}
