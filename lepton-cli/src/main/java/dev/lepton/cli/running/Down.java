package dev.lepton.cli.running;

import dev.lepton.cli.app.AppFolder;
import dev.lepton.cli.app.FolderTree;
import dev.lepton.cli.app.JarmodeExtraction;
import dev.lepton.cli.home.Home;
import dev.lepton.cli.home.Orphans;
import dev.lepton.cli.home.SupervisorNote;
import dev.lepton.cli.outcome.CommandFailed;
import dev.lepton.cli.outcome.ExitCode;
import dev.lepton.cli.running.Surroundings.Stopwatch;
import dev.lepton.cli.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Stops the platform in order, also when its supervisor has died; removes its state when asked. */
public final class Down {

    static final Duration STOP_LIMIT = Duration.ofMinutes(2);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final Surroundings around;
    private final Terminal terminal;
    private final Stopping stopping;

    public Down(Surroundings around, Terminal terminal) {
        this.around = around;
        this.terminal = terminal;
        this.stopping = new Stopping(around, terminal, STOP_LIMIT);
    }

    /**
     * @param purge whether all state is removed as well
     */
    public ExitCode run(Home home, boolean purge) throws IOException {
        boolean ran = stopped(home);
        if (purge) {
            purge(home);
            return ExitCode.OK;
        }
        if (!ran) {
            throw new CommandFailed(
                    ExitCode.NOTHING_RUNS, "nothing runs on %s".formatted(home.folder()));
        }
        return ExitCode.OK;
    }

    private boolean stopped(Home home) throws IOException {
        Optional<ProcessHandle> supervisor =
                SupervisorNote.read(home).flatMap(SupervisorNote::process);
        if (supervisor.isPresent()) {
            stopping.stop(supervisor.get(), home);
            return true;
        }
        if (Orphans.of(home).isEmpty()) {
            return false;
        }
        terminal.progress(
                "The supervisor has died and its units run on: starting one to stop them");
        SupervisorProcess successor = successor(home);
        stopping.stop(successor.handle(), home);
        return true;
    }

    private SupervisorProcess successor(Home home) throws IOException {
        Path jar =
                new AppFolder(home.app(), new JarmodeExtraction(around.java()))
                        .jar("supervisor-service");
        if (!Files.exists(jar) || !Files.exists(home.lastDeclaration())) {
            throw new CommandFailed(
                    ExitCode.FAILED,
                    "units run on %s, but not by './lepton up': start their supervisor again, then stop it"
                            .formatted(home.folder()));
        }
        Path declaration = Path.of(Files.readString(home.lastDeclaration()).strip());
        SupervisorProcess successor = SupervisorProcess.start(around, home, jar, declaration, true);
        Stopwatch watch = around.stopwatch();
        while (!answers(successor, home)) {
            if (!successor.isAlive()) {
                throw successor.died(terminal);
            }
            if (watch.isPast(ANSWER_LIMIT)) {
                break;
            }
            around.pause(PAUSE);
        }
        return successor;
    }

    private static boolean answers(SupervisorProcess successor, Home home) {
        return SupervisorNote.read(home).filter(note -> note.pid() == successor.pid()).isPresent();
    }

    private void purge(Home home) throws IOException {
        if (!Files.exists(home.folder())) {
            terminal.progress("There is nothing at " + home.folder());
            return;
        }
        boolean ours =
                Files.isDirectory(home.app())
                        || Files.isDirectory(home.supervisor())
                        || Files.isRegularFile(home.tokenFile());
        boolean holdsMore =
                Path.of("").toAbsolutePath().startsWith(home.folder())
                        || Files.exists(home.folder().resolve(".git"))
                        || Files.exists(home.folder().resolve("pom.xml"));
        if (!ours || holdsMore) {
            throw new CommandFailed(
                    ExitCode.USAGE,
                    "%s is not removed: it does not look like a folder of Lepton's state"
                            .formatted(home.folder()));
        }
        if (home.isHeld()) {
            throw new CommandFailed(
                    ExitCode.ANOTHER_RUNS,
                    "%s is not removed: a supervisor runs on it".formatted(home.folder()));
        }
        new FolderTree(home.folder()).delete();
        terminal.progress("Removed " + home.folder());
    }
}
