package dev.lepton.supervisor.supervision;

import dev.lepton.client.incident.DrillFault;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.supervisor.runtime.Exit;
import dev.lepton.supervisor.runtime.LaunchSpec;
import dev.lepton.supervisor.runtime.Next;
import dev.lepton.supervisor.runtime.ProcessMark;
import dev.lepton.supervisor.runtime.RecordedRun;
import dev.lepton.supervisor.runtime.Run;
import dev.lepton.supervisor.runtime.RunState;
import dev.lepton.supervisor.runtime.UnitRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs nothing, and writes down what it was asked to. */
final class FakeRuntime implements UnitRuntime {

    final List<String> calls = new ArrayList<>();
    final List<Next> nexts = new ArrayList<>();
    final Map<StartId, FakeRun> runs = new HashMap<>();
    Consumer<LaunchSpec> beforeStart = _ -> {};
    boolean obedient = true;

    /** How many of the next looks at processes fail. */
    int blindLooks;

    /** The units of which it cannot tell whether they run. */
    final Set<String> unseen = new HashSet<>();

    /** Why nothing can be started now. */
    @Nullable String obstacle;

    boolean endsWithSupervisor = true;
    boolean signalsFail;
    Runnable onSigquit = () -> {};
    private long lastPid = 1000;

    @Override
    public Run start(LaunchSpec spec) throws IOException {
        beforeStart.accept(spec);
        FakeRun run =
                new FakeRun(spec.environment().get("LEPTON_UNIT_ID"), spec.startId(), ++lastPid);
        calls.add("start " + run.unit);
        runs.put(spec.startId(), run);
        return run;
    }

    @Override
    public Optional<Run> find(RecordedRun recorded) {
        look();
        if (unseen.contains(recorded.unit().value())) {
            throw new UncheckedIOException("no answer", new IOException());
        }
        return Optional.<Run>ofNullable(runs.get(recorded.startId()))
                .filter(run -> !run.exit().isDone());
    }

    @Override
    public void sweep(RecordedRun recorded) {
        calls.add("sweep");
    }

    @Override
    public @Nullable String obstacle(UnitId unit) {
        return obstacle;
    }

    @Override
    public void rest(UnitId unit) {
        if (!endsWithSupervisor) {
            calls.add("rest " + unit);
        }
    }

    @Override
    public boolean endsWithSupervisor(UnitId unit) {
        return endsWithSupervisor;
    }

    private void look() {
        if (blindLooks > 0) {
            blindLooks--;
            throw new UncheckedIOException(new IOException("too many open files"));
        }
    }

    /** The run of a unit that is on. */
    FakeRun of(String unit) {
        return runs.values().stream()
                .filter(run -> run.unit.equals(unit) && !run.exit.isDone())
                .findFirst()
                .orElseThrow(() -> new AssertionError(unit + " does not run"));
    }

    final class FakeRun implements Run {

        @Override
        public @Nullable String unendable() {
            return unendable;
        }

        final String unit;
        private final StartId startId;
        private final long pid;
        boolean stopped;

        /** Why it cannot be ended now. */
        @Nullable String unendable;

        /** Whether it has started processes that live on when its main one ends. */
        boolean survived;

        /** Whether its process is gone without anybody knowing it yet. */
        boolean unstrikable;

        /** Whether not even SIGKILL ends these. */
        boolean unkillable;

        Duration cpuTime = Duration.ZERO;
        final CompletableFuture<Exit> exit = new CompletableFuture<>();

        FakeRun(String unit, StartId startId, long pid) {
            this.unit = unit;
            this.startId = startId;
            this.pid = pid;
        }

        void ends(Exit how) {
            exit.complete(how);
        }

        @Override
        public StartId startId() {
            return startId;
        }

        @Override
        public ProcessMark mark() {
            return new ProcessMark(pid, Instant.EPOCH, "boot", pid);
        }

        @Override
        public Long pid() {
            return pid;
        }

        @Override
        public String host() {
            return "127.0.0.1";
        }

        @Override
        public CompletableFuture<Exit> exit() {
            return exit;
        }

        @Override
        public void terminate(Next next, Duration grace) {
            nexts.add(next);
            calls.add("SIGTERM " + unit);
            if (signalsFail) {
                throw new IllegalStateException("a signal that fails");
            }
            if (obedient) {
                ends(new Exit(null, 15));
            }
        }

        @Override
        public void askForThreads() {
            calls.add("SIGQUIT " + unit);
            onSigquit.run();
        }

        @Override
        public RunState state() {
            return exit.isDone() ? RunState.GONE : stopped ? RunState.STOPPED : RunState.RUNNING;
        }

        @Override
        public String description() {
            return "State: T (stopped)";
        }

        @Override
        public Duration cpuTime() {
            return cpuTime;
        }

        @Override
        public boolean memoryRanOut() {
            return false;
        }

        @Override
        public CompletableFuture<Boolean> strike(DrillFault fault) {
            if (unstrikable) {
                return CompletableFuture.completedFuture(false);
            }
            calls.add("strike %s %s".formatted(fault, unit));
            switch (fault) {
                case KILL -> ends(new Exit(null, 9));
                case HANG -> stopped = true;
            }
            return CompletableFuture.completedFuture(true);
        }

        @Override
        public void kill(Next next) {
            nexts.add(next);
            calls.add("SIGKILL " + unit);
            survived &= unkillable;
            ends(new Exit(null, 9));
        }

        @Override
        public boolean hasSurvivors() {
            look();
            return survived || !exit.isDone();
        }
    }
}
