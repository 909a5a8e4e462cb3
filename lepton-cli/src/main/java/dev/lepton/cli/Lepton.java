package dev.lepton.cli;

import dev.lepton.cli.compose.DockerEngine;
import dev.lepton.cli.compose.InitCompose;
import dev.lepton.cli.drill.DrillCommand;
import dev.lepton.cli.drill.DrillOptions;
import dev.lepton.cli.outcome.CommandFailed;
import dev.lepton.cli.outcome.ExitCode;
import dev.lepton.cli.running.Down;
import dev.lepton.cli.running.Surroundings;
import dev.lepton.cli.running.Up;
import dev.lepton.cli.terminal.Terminal;
import dev.lepton.cli.units.UnitCommands;
import dev.lepton.client.incident.DrillFault;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.UnitId;
import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;

/** The operator's command line. */
@Command(
        name = "lepton",
        scope = ScopeType.INHERIT,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n")
public final class Lepton {

    private static final int MOST_LINES = 100_000;
    private static final int MOST_ROUNDS = 100;

    /** What a URI may hold after its authority, without a fragment. */
    private static final Pattern PATH =
            Pattern.compile("/(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2}){0,2000}");

    private final Terminal terminal;
    private final Surroundings around;
    private final Place place;
    private final UnitCommands units;

    Lepton(Terminal terminal, Surroundings around, Place place) {
        this.terminal = terminal;
        this.around = around;
        this.place = place;
        this.units = new UnitCommands(terminal);
    }

    /** Runs the command line and ends the process with its exit code. */
    public static void main(String[] arguments) {
        Surroundings around = Surroundings.ofThisProcess();
        Terminal terminal = new Terminal(System.out, System.err);
        Place place = Place.of(System.getProperty("lepton.dir"), around.environment());
        Console console = System.console();
        boolean coloured =
                console != null
                        && console.isTerminal()
                        && !around.environment().containsKey("NO_COLOR");
        Lepton lepton = new Lepton(terminal, around, place);
        System.exit(lepton.run(coloured, arguments));
    }

    int run(boolean coloured, String... arguments) {
        return commandLine(coloured).execute(arguments);
    }

    @Command(
            name = "up",
            description =
                    "Starts the platform and shows it when it serves. In the foreground, Ctrl-C"
                            + " stops everything in order.")
    int up(
            @Mixin HomeOption home,
            @Option(
                            names = "--detach",
                            description = "Return when all is ready, and leave it running.")
                    boolean detach,
            @Option(
                            names = "--file",
                            paramLabel = "FILE",
                            description =
                                    "The file that declares the units; by default lepton.yml in"
                                            + " Lepton's own folder.")
                    @Nullable Path file)
            throws IOException, InterruptedException {
        Path declaration = file == null ? place.checkout().declaration() : file;
        return new Up(around, terminal)
                .run(home.in(place), place.checkout(), declaration, detach)
                .number();
    }

    @Command(name = "down", description = "Stops the platform in order.")
    int down(
            @Mixin HomeOption home,
            @Option(
                            names = "--purge",
                            description =
                                    "Remove all state as well: the database, logs, tokens, copies.")
                    boolean purge)
            throws IOException {
        return new Down(around, terminal).run(home.in(place), purge).number();
    }

    @Command(name = "units", description = "Shows the units of this node.")
    int units(
            @Mixin HomeOption home,
            @Option(
                            names = {"-o", "--output"},
                            paramLabel = "FORMAT",
                            defaultValue = "table",
                            description = "table (default) or json.")
                    Output output) {
        return units.list(home.in(place), output == Output.JSON).number();
    }

    @Command(name = "logs", description = "Shows the end of a unit's output.")
    int logs(
            @Mixin HomeOption home,
            @Parameters(index = "0", paramLabel = "UNIT", description = "Such as worker-1.")
                    UnitId unit,
            @Option(
                            names = {"-f", "--follow"},
                            description = "Go on with what is added, until Ctrl-C.")
                    boolean follow,
            @Option(
                            names = {"-n", "--lines"},
                            paramLabel = "LINES",
                            defaultValue = "200",
                            description = "How many lines of the end (default: 200).")
                    int lines)
            throws IOException {
        if (lines < 1 || lines > MOST_LINES) {
            throw new CommandFailed(
                    ExitCode.USAGE, "-n %d must be from 1 to %d".formatted(lines, MOST_LINES));
        }
        return units.logs(home.in(place), unit, lines, follow).number();
    }

    @Command(name = "restart", description = "Stops a unit in order and starts it again.")
    int restart(
            @Mixin HomeOption home,
            @Parameters(index = "0", paramLabel = "UNIT", description = "Such as worker-1.")
                    UnitId unit) {
        return units.restart(home.in(place), unit).number();
    }

    @Command(name = "drain", description = "Takes a unit out of routing; it finishes what it has.")
    int drain(
            @Mixin HomeOption home,
            @Parameters(index = "0", paramLabel = "UNIT", description = "Such as worker-1.")
                    UnitId unit) {
        return units.drain(home.in(place), unit).number();
    }

    @Command(name = "undrain", description = "Takes a drained unit back into routing.")
    int undrain(
            @Mixin HomeOption home,
            @Parameters(index = "0", paramLabel = "UNIT", description = "Such as worker-1.")
                    UnitId unit) {
        return units.undrain(home.in(place), unit).number();
    }

    @Command(
            name = "drill",
            description =
                    "Proves that a service recovers: has one of its units fail on purpose, within"
                            + " guard rails, and watches it. Without --go it only tells what it would"
                            + " do.")
    int drill(
            @Mixin HomeOption home,
            @Parameters(index = "0", paramLabel = "SERVICE", description = "Such as worker.")
                    ServiceName service,
            @Option(
                            names = "--unit",
                            paramLabel = "UNIT",
                            description = "The unit to strike; by default another one each round.")
                    @Nullable UnitId unit,
            @Option(
                            names = "--fault",
                            paramLabel = "FAULT",
                            defaultValue = "kill",
                            description = "kill (SIGKILL, default) or hang (SIGSTOP).")
                    DrillFault fault,
            @Option(names = "--go", description = "Do it.") boolean go,
            @Option(
                            names = "--rounds",
                            paramLabel = "N",
                            defaultValue = "1",
                            description = "How many units, one after the other (default: 1).")
                    int rounds,
            @Option(
                            names = "--probe",
                            paramLabel = "PATH",
                            description =
                                    "Ask the gateway for this path 20 times a second meanwhile, such"
                                            + " as /worker/hello.")
                    @Nullable String probe,
            @Option(
                            names = {"-o", "--output"},
                            paramLabel = "FORMAT",
                            defaultValue = "table",
                            description = "table (default) or json.")
                    Output output)
            throws InterruptedException {
        if (rounds < 1 || rounds > MOST_ROUNDS) {
            throw new CommandFailed(
                    ExitCode.USAGE,
                    "--rounds %d must be from 1 to %d".formatted(rounds, MOST_ROUNDS));
        }
        if (probe != null && !PATH.matcher(probe).matches()) {
            throw new CommandFailed(
                    ExitCode.USAGE,
                    "--probe '%s' must be a path such as /worker/hello"
                            .formatted(Terminal.printable(probe)));
        }
        DrillOptions options = new DrillOptions(service, unit, fault, go, rounds, probe);
        return new DrillCommand(terminal, around, home.in(place), options, output == Output.JSON)
                .run()
                .number();
    }

    @Command(
            name = "init-compose",
            description =
                    "Makes the secrets and the .env that docker-compose.yml needs; keeps those that"
                            + " are there.")
    int initCompose() throws IOException {
        return new InitCompose(terminal, DockerEngine::answers, Path.of("/var/run/docker.sock"))
                .run(place.checkout().folder())
                .number();
    }

    private CommandLine commandLine(boolean coloured) {
        CommandLine commandLine = new CommandLine(this);
        commandLine
                .registerConverter(UnitId.class, text -> parsed(text, UnitId::new))
                .registerConverter(ServiceName.class, text -> parsed(text, ServiceName::new))
                .registerConverter(DrillFault.class, text -> parsed(text, DrillFault::parse))
                .registerConverter(Output.class, Output::parse)
                .setOut(writer(terminal.out()))
                .setErr(writer(terminal.err()))
                .setColorScheme(CommandLine.Help.defaultColorScheme(coloured ? Ansi.ON : Ansi.OFF))
                .setParameterExceptionHandler((e, _) -> misused(e))
                .setExecutionExceptionHandler((e, _, _) -> failed(e));
        describeExitCodes(commandLine);
        return commandLine;
    }

    private static void describeExitCodes(CommandLine commandLine) {
        Map<String, String> codes = new LinkedHashMap<>();
        for (ExitCode code : ExitCode.all()) {
            codes.put(Integer.toString(code.number()), code.meaning());
        }
        commandLine.getCommandSpec().usageMessage().exitCodeList(codes);
        commandLine.getSubcommands().values().forEach(Lepton::describeExitCodes);
    }

    private int misused(ParameterException e) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        terminal.error("%s; see './%s --help'".formatted(e.getMessage(), command));
        return ExitCode.USAGE.number();
    }

    private int failed(Exception e) {
        if (e instanceof CommandFailed failed) {
            terminal.error(failed.sentence());
            return failed.exitCode();
        }
        boolean explained = e instanceof IOException || e instanceof UncheckedIOException;
        terminal.error((explained ? "" : "this should not happen: ") + e);
        return ExitCode.FAILED.number();
    }

    private static <T> T parsed(String text, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(String.valueOf(e.getMessage()));
        }
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }

    /** How a result is shown. */
    enum Output {
        TABLE,
        JSON;

        static Output parse(String text) {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "table" -> TABLE;
                case "json" -> JSON;
                default -> throw new TypeConversionException("must be table or json");
            };
        }
    }
}
