package dev.lepton.cli.running;

import dev.lepton.cli.app.AppFolder;
import dev.lepton.cli.app.Checkout;
import dev.lepton.cli.app.JarmodeExtraction;
import dev.lepton.cli.home.Home;
import dev.lepton.cli.home.SupervisorNote;
import dev.lepton.cli.outcome.CommandFailed;
import dev.lepton.cli.outcome.ExitCode;
import dev.lepton.cli.supervisor.UnitRow;
import dev.lepton.cli.terminal.Terminal;
import dev.lepton.cli.units.UnitTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Starts the platform from copies of the built jars and shows it when it serves. */
public final class Up {

    private static final String SUPERVISOR = "supervisor-service";
    private static final Duration READY_LIMIT = Duration.ofMinutes(3);

    private final Surroundings around;
    private final Terminal terminal;
    private final Stopping stopping;

    public Up(Surroundings around, Terminal terminal) {
        this.around = around;
        this.terminal = terminal;
        this.stopping = new Stopping(around, terminal, Down.STOP_LIMIT);
    }

    /**
     * @param declaration the file that says which units there are
     * @param detached whether to return when all is ready, and leave it running
     */
    public ExitCode run(Home home, Checkout checkout, Path declaration, boolean detached)
            throws IOException, InterruptedException {
        Path file = declaration.toAbsolutePath().normalize();
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new CommandFailed(
                    ExitCode.CONFIGURATION,
                    "there is no readable file %s: say with --file which one declares your units"
                            .formatted(file));
        }
        refuseASecond(home);
        AppFolder app = copies(home, checkout);
        Files.writeString(home.lastDeclaration(), file + "\n");
        terminal.progress("Starting Lepton (log: %s)".formatted(home.supervisorLog()));
        SupervisorProcess supervisor =
                SupervisorProcess.start(around, home, app.jar(SUPERVISOR), file, detached);
        return detached ? leaveRunning(supervisor, home) : stayWith(supervisor, home);
    }

    private ExitCode leaveRunning(SupervisorProcess supervisor, Home home) {
        return show(new Readiness(around, terminal, READY_LIMIT).await(supervisor, home), home);
    }

    private ExitCode stayWith(SupervisorProcess supervisor, Home home) throws InterruptedException {
        OrderlyEnd end = new OrderlyEnd(supervisor, home, stopping, terminal);
        end.arm();
        try {
            show(new Readiness(around, terminal, READY_LIMIT).await(supervisor, home), home);
            terminal.progress("Ctrl-C stops everything.");
            int code = supervisor.awaitEnd();
            end.letFinish();
            if (code != 0) {
                throw supervisor.died(terminal);
            }
            terminal.progress("Stopped.");
            return ExitCode.OK;
        } catch (CommandFailed e) {
            end.letFinish();
            throw e;
        }
    }

    private ExitCode show(Readiness.Picture picture, Home home) {
        List<UnitRow> units = picture.units();
        if (units.isEmpty()) {
            return showThatNothingRuns(picture.ready(), home);
        }
        UnitTable table = new UnitTable(units);
        table.lines().forEach(terminal::print);
        table.example().ifPresent(url -> terminal.print("\nTry it:  curl " + url));
        List<UnitRow> unsettled = units.stream().filter(unit -> !unit.isSettled()).toList();
        for (UnitRow unit : unsettled) {
            terminal.progress(
                    "%s is %s%s; './lepton logs %s' shows its output"
                            .formatted(
                                    unit.id(),
                                    unit.state(),
                                    unit.reason() == null ? "" : " (" + unit.reason() + ")",
                                    unit.id()));
        }
        return unsettled.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }

    private ExitCode showThatNothingRuns(boolean ready, Home home) {
        if (ready) {
            terminal.progress("No unit runs here yet: this node starts what is assigned to it.");
            return ExitCode.OK;
        }
        terminal.progress("The supervisor does not answer; its log is " + home.supervisorLog());
        return ExitCode.FAILED;
    }

    private static void refuseASecond(Home home) throws IOException {
        if (home.isHeld()) {
            String who =
                    SupervisorNote.read(home).map(note -> " (pid " + note.pid() + ")").orElse("");
            throw new CommandFailed(
                    ExitCode.ANOTHER_RUNS,
                    "Lepton already runs on %s%s: './lepton units' shows it, './lepton down' stops it"
                            .formatted(home.folder(), who));
        }
    }

    private AppFolder copies(Home home, Checkout checkout) throws IOException {
        Map<String, Path> jars = checkout.serviceJars();
        Home.createPrivate(home.folder());
        Home.createPrivate(home.app());
        AppFolder app = new AppFolder(home.app(), new JarmodeExtraction(around.java()));
        for (Map.Entry<String, Path> jar : jars.entrySet()) {
            if (app.update(jar.getKey(), jar.getValue())) {
                terminal.progress("Unpacked " + jar.getKey());
            }
        }
        return app;
    }
}
