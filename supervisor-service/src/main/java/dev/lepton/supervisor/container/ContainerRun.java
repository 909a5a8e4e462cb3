package dev.lepton.supervisor.container;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.supervisor.runtime.ContainerMark;
import dev.lepton.supervisor.runtime.Exit;
import dev.lepton.supervisor.runtime.Next;
import dev.lepton.supervisor.runtime.Run;
import dev.lepton.supervisor.runtime.RunState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One start of a container. What it does now is what was seen of it last. */
final class ContainerRun implements Run {

    private final UnitId unit;
    private final StartId startId;
    private final String host;
    private final @Nullable Path log;
    private final ContainerEnds ends;
    private final BooleanSupplier known;
    private final AtomicBoolean over = new AtomicBoolean();
    private final CompletableFuture<Exit> exit = new CompletableFuture<>();
    private volatile Seen seen;
    private volatile boolean memoryRanOut;

    /**
     * @param log the file that gets the end of its output once it is over, null for none
     * @param known whether what was seen of it last is still so, as far as can be told
     */
    ContainerRun(
            StartId startId,
            Seen seen,
            String host,
            @Nullable Path log,
            ContainerEnds ends,
            BooleanSupplier known) {
        this.unit = seen.unit();
        this.startId = startId;
        this.seen = seen;
        this.host = host;
        this.log = log;
        this.ends = ends;
        this.known = known;
    }

    UnitId unit() {
        return unit;
    }

    @Nullable Path log() {
        return log;
    }

    /** It was seen again, as this start of this container. */
    void seen(Seen now) {
        seen = now;
        memoryRanOut |= now.outOfMemory();
    }

    void ranOutOfMemory() {
        memoryRanOut = true;
    }

    /** Whether this is news: it has not been known to be over before. */
    boolean isOverNow() {
        return over.compareAndSet(false, true);
    }

    boolean over() {
        return over.get();
    }

    /** Everything about its end is known. */
    void ended(Exit how) {
        exit.complete(how);
    }

    @Override
    public StartId startId() {
        return startId;
    }

    @Override
    public ContainerMark mark() {
        return seen.mark();
    }

    @Override
    public @Nullable Long pid() {
        return seen.pid();
    }

    @Override
    public String host() {
        return host;
    }

    @Override
    public CompletableFuture<Exit> exit() {
        return exit;
    }

    @Override
    public void terminate(Next next, Duration grace) {
        ends.begin(this, next, grace);
    }

    /** The engine gives signals to nobody who may not do everything. */
    @Override
    public void askForThreads() {}

    /** Whether it still hangs, or is paused, is not known either. */
    @Override
    public @Nullable String unendable() {
        return known.getAsBoolean() ? null : "the container engine says nothing of it";
    }

    @Override
    public RunState state() {
        if (over.get()) {
            return RunState.GONE;
        }
        // A pause may be over without the engine being there to say so.
        return known.getAsBoolean() && seen.condition() == Seen.Condition.PAUSED
                ? RunState.STOPPED
                : RunState.RUNNING;
    }

    @Override
    public String description() {
        return seen.text();
    }

    @Override
    public @Nullable Duration cpuTime() {
        return null;
    }

    @Override
    public boolean memoryRanOut() {
        return memoryRanOut;
    }

    @Override
    public void kill(Next next) {
        ends.begin(this, next, Duration.ZERO);
    }

    /** The engine lets nothing of a start outlive its main process. */
    @Override
    public boolean hasSurvivors() {
        return false;
    }
}
