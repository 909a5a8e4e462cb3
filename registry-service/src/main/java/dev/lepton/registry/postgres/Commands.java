package dev.lepton.registry.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Short commands that are run to their end. */
final class Commands {

    private static final long LIMIT_SECONDS = 120;

    private Commands() {}

    /** What a command that ended left behind. */
    record Ended(int exitCode, String output) {}

    /** Whether the command exists and succeeds. */
    static boolean succeeds(String... command) {
        try {
            return run(List.of(command), "").exitCode() == 0;
        } catch (IOException e) {
            // There is no such command here: that is the answer.
            return false;
        }
    }

    static Ended run(List<String> command, String input) throws IOException {
        Process process = builder(command).redirectErrorStream(true).start();
        try {
            Thread killer = Thread.ofVirtual().start(() -> killAfterLimit(process));
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // A command that ends before it has read everything: its exit code says more.
            }
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int exitCode = process.waitFor();
            killer.interrupt();
            return new Ended(exitCode, output.strip());
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while running " + command.getFirst(), e);
        }
    }

    /** Without the variables by which an environment could steer PostgreSQL's programs. */
    static ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        builder.environment().put("LC_ALL", "C");
        builder.directory(Path.of("/").toFile());
        return builder;
    }

    static boolean isMac() {
        return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("mac");
    }

    private static void killAfterLimit(Process process) {
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            // The command has ended in time.
            Thread.currentThread().interrupt();
        }
    }
}
