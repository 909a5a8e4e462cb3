package dev.lepton.cli;

import dev.lepton.cli.app.Checkout;
import dev.lepton.cli.running.Surroundings;
import dev.lepton.cli.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Runs the command line in this process and keeps what it prints. */
public final class Cli {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Lepton lepton;

    public Cli(Path checkout, Path home, Path java) {
        Terminal terminal =
                new Terminal(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8));
        lepton =
                new Lepton(
                        terminal,
                        new Surroundings(java, System.getenv(), System::nanoTime),
                        new Place(new Checkout(checkout), home));
    }

    public Result run(String... arguments) {
        out.reset();
        err.reset();
        int code = lepton.run(false, arguments);
        return new Result(
                code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** How a command ended and what it printed. */
    public record Result(int code, String out, String err) {}
}
