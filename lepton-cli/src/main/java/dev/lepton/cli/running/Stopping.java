package dev.lepton.cli.running;

import dev.lepton.cli.home.Home;
import dev.lepton.cli.home.Orphans;
import dev.lepton.cli.home.SupervisorNote;
import dev.lepton.cli.outcome.CommandFailed;
import dev.lepton.cli.outcome.ExitCode;
import dev.lepton.cli.running.Surroundings.Stopwatch;
import dev.lepton.cli.supervisor.SupervisorApi;
import dev.lepton.cli.supervisor.UnitRow;
import dev.lepton.cli.terminal.Terminal;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Asks a supervisor for an ordered end of everything, and tells of it until it is over. */
final class Stopping {

    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration SILENT = Duration.ofSeconds(10);

    private final Surroundings around;
    private final Terminal terminal;
    private final Duration limit;

    Stopping(Surroundings around, Terminal terminal, Duration limit) {
        this.around = around;
        this.terminal = terminal;
        this.limit = limit;
    }

    /**
     * @throws CommandFailed when something still runs afterwards
     */
    void stop(ProcessHandle supervisor, Home home) {
        terminal.progress("Stopping Lepton, what depends on others first");
        Stopwatch watch = around.stopwatch();
        Optional<SupervisorNote> note =
                SupervisorNote.read(home).filter(n -> n.pid() == supervisor.pid());
        try (Asked asked =
                new Asked(note.map(n -> new SupervisorApi(n.url(), home)).orElse(null))) {
            if (!asked.stop()) {
                // It does not answer, or not yet: a signal means the same to it.
                supervisor.destroy();
            }
            awaitEnd(supervisor, home, watch, asked);
        }
        List<ProcessHandle> left = Orphans.of(home);
        if (!left.isEmpty()) {
            throw new CommandFailed(
                    ExitCode.FAILED,
                    "these processes are still there: %s"
                            .formatted(
                                    left.stream()
                                            .map(p -> Long.toString(p.pid()))
                                            .collect(Collectors.joining(", "))));
        }
        terminal.progress("Stopped after %d s".formatted(watch.seconds()));
    }

    private void awaitEnd(ProcessHandle supervisor, Home home, Stopwatch watch, Asked asked) {
        String said = "";
        Stopwatch saidBefore = watch;
        // A process may look ended while its last threads still hold the folder's lock.
        while (runs(supervisor) || isHeld(home)) {
            if (watch.isPast(limit)) {
                throw new CommandFailed(
                        ExitCode.FAILED,
                        "the supervisor (pid %d) still runs after %s; its log is %s"
                                .formatted(supervisor.pid(), limit, home.supervisorLog()));
            }
            String now = asked.whatRuns();
            if (!now.isEmpty() && (!now.equals(said) || saidBefore.isPast(SILENT))) {
                terminal.progress(watch.shown() + "  " + now);
                said = now;
                saidBefore = around.stopwatch();
            }
            around.pause(PAUSE);
        }
    }

    private static boolean isHeld(Home home) {
        try {
            return home.isHeld();
        } catch (IOException e) {
            // A lock that cannot be looked at says nothing; the process itself is gone.
            return false;
        }
    }

    /** A process that nobody reaps has ended all the same. */
    private static boolean runs(ProcessHandle process) {
        return process.isAlive() && !Zombies.isOne(process.pid());
    }

    /** The supervisor's interface, when it has one, while it still answers. */
    private record Asked(@Nullable SupervisorApi api) implements AutoCloseable {

        boolean stop() {
            if (api == null) {
                return false;
            }
            try {
                api.stop();
                return true;
            } catch (CommandFailed e) {
                return false;
            }
        }

        String whatRuns() {
            if (api == null) {
                return "";
            }
            try {
                String running =
                        api.units().stream()
                                .filter(unit -> unit.pid() != null)
                                .map(UnitRow::id)
                                .collect(Collectors.joining(", "));
                return running.isEmpty() ? "" : "still running: " + running;
            } catch (CommandFailed e) {
                // Its interface closes before the process ends.
                return "";
            }
        }

        @Override
        public void close() {
            if (api != null) {
                api.close();
            }
        }
    }
}
