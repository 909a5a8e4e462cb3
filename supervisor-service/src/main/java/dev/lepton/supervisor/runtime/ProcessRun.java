package dev.lepton.supervisor.runtime;

import dev.lepton.client.incident.DrillFault;
import dev.lepton.client.unit.StartId;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A run whose main process leads a session of its own. */
record ProcessRun(
        StartId startId,
        ProcessMark mark,
        ProcessHandle main,
        ProcessTable processes,
        CompletableFuture<Exit> exit,
        MemoryKills memoryKills,
        long killedBefore)
        implements Run {

    private static final Logger log = LoggerFactory.getLogger(ProcessRun.class);

    ProcessRun(
            StartId startId,
            ProcessMark mark,
            ProcessHandle main,
            ProcessTable processes,
            CompletableFuture<Exit> exit) {
        this(startId, mark, main, processes, exit, MemoryKills.near(mark.pid()));
    }

    private ProcessRun(
            StartId startId,
            ProcessMark mark,
            ProcessHandle main,
            ProcessTable processes,
            CompletableFuture<Exit> exit,
            MemoryKills memoryKills) {
        this(startId, mark, main, processes, exit, memoryKills, memoryKills.count());
    }

    @Override
    public Long pid() {
        return mark.pid();
    }

    @Override
    public String host() {
        return "127.0.0.1";
    }

    @Override
    public void askForThreads() {
        if (processes.runs(mark)) {
            Signals.send("QUIT", mark.pid());
        }
    }

    @Override
    public RunState state() {
        return processes.state(mark);
    }

    @Override
    public String description() {
        return processes.description(mark);
    }

    @Override
    public @Nullable Duration cpuTime() {
        if (!processes.runs(mark)) {
            return null;
        }
        // A server that forks lets its children work.
        try {
            return Stream.concat(Stream.of(main), processes.others(mark, startId).stream())
                    .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
                    .reduce(Duration.ZERO, Duration::plus);
        } catch (UncheckedIOException _) {
            // What cannot be seen proves no idleness.
            return null;
        }
    }

    @Override
    public boolean memoryRanOut() {
        return memoryKills.count() > killedBefore;
    }

    @Override
    public void terminate(Next next, Duration grace) {
        othersInSight().forEach(ProcessHandle::destroy);
        if (processes.runs(mark)) {
            main.destroy();
        }
    }

    @Override
    public void kill(Next next) {
        // The main process first, so that it can neither restart a child nor notice its end.
        List<ProcessHandle> others = othersInSight();
        if (processes.runs(mark)) {
            main.destroyForcibly();
        }
        others.forEach(ProcessHandle::destroyForcibly);
        othersInSight().forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public CompletableFuture<Boolean> strike(DrillFault fault) {
        if (!processes.runs(mark)) {
            return CompletableFuture.completedFuture(false);
        }
        return switch (fault) {
            // The JDK compares the start once more before it sends this.
            case KILL -> CompletableFuture.completedFuture(main.destroyForcibly());
            case HANG -> Signals.sent("STOP", mark.pid()).thenApply(this::hasStopped);
        };
    }

    /**
     * A process that has ended in between may have left its pid to a stranger, who is not to stay
     * stopped.
     */
    private boolean hasStopped(boolean sent) {
        if (sent && !processes.runs(mark)) {
            Signals.send("CONT", mark.pid());
            return false;
        }
        return sent;
    }

    @Override
    public boolean hasSurvivors() {
        return processes.runs(mark) || !processes.others(mark, startId).isEmpty();
    }

    private List<ProcessHandle> othersInSight() {
        try {
            return processes.others(mark, startId);
        } catch (UncheckedIOException e) {
            // The main process gets its signal in any case; what is left of the others is looked
            // for again once it has ended.
            log.warn("the processes beside pid {} cannot be seen: {}", mark.pid(), e.toString());
            return List.of();
        }
    }
}
