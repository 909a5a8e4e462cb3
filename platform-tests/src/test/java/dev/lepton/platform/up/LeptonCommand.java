package dev.lepton.platform.up;

import dev.lepton.platform.running.Checkout;
import dev.lepton.platform.running.LeptonProcesses;
import dev.lepton.platform.running.PlatformPorts;
import dev.lepton.platform.running.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs {@code ./lepton} in this checkout on a folder and ports of the test's own. */
final class LeptonCommand {

    /** How a command ended, and everything it printed. */
    record Outcome(int exitCode, String output) {}

    private final Path folder;
    private final PlatformPorts ports;

    LeptonCommand(Path folder, PlatformPorts ports) {
        this.folder = folder;
        this.ports = ports;
    }

    Path home() {
        return folder.resolve("home");
    }

    Process start(Path output, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        if (System.getProperty("os.name").equals("Linux")) {
            // A test that runs in the background, or under nohup, ignores these, and so would all
            // its
            // children.
            command.addAll(List.of("env", "--default-signal=HUP,INT"));
        }
        command.add(Checkout.root().resolve("lepton").toString());
        command.addAll(List.of(arguments));
        command.add("--home");
        command.add(home().toString());
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("LEPTON_"));
        builder.environment().put("SERVER_PORT", Integer.toString(ports.supervisor()));
        builder.environment()
                .put("MANAGEMENT_SERVER_PORT", Integer.toString(ports.supervisorActuator()));
        return builder.directory(Checkout.root().toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    Outcome run(String... arguments) throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder, "out-", ".txt");
        Process process = start(output, arguments);
        if (!process.waitFor(180, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(
                    "./lepton "
                            + String.join(" ", arguments)
                            + " hangs:\n"
                            + Files.readString(output));
        }
        return new Outcome(process.exitValue(), Files.readString(output));
    }

    /** Whatever a test has left: the supervisor first, which would start again what is killed. */
    void leaveNothingBehind() throws IOException, InterruptedException {
        try {
            run("down");
        } finally {
            LeptonProcesses.of(home()).forEach(Signals::kill);
        }
    }
}
