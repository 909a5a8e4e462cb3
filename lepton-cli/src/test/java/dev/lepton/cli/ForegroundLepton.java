package dev.lepton.cli;

import dev.lepton.cli.app.Checkout;
import dev.lepton.cli.running.Surroundings;
import dev.lepton.cli.terminal.Terminal;
import java.nio.file.Path;
import java.util.Arrays;

/** The command line as a process of its own, with another program in place of {@code java}. */
public final class ForegroundLepton {

    private ForegroundLepton() {}

    /** Product's folder, state's folder, the program, then the command line's own arguments. */
    public static void main(String[] arguments) {
        Lepton lepton =
                new Lepton(
                        new Terminal(System.out, System.err),
                        new Surroundings(Path.of(arguments[2]), System.getenv(), System::nanoTime),
                        new Place(new Checkout(Path.of(arguments[0])), Path.of(arguments[1])));
        System.exit(lepton.run(false, Arrays.copyOfRange(arguments, 3, arguments.length)));
    }
}
