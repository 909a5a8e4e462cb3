package dev.lepton.platform.running;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program of this machine that is run to its end, or to its limit. */
public final class Command {

    /** How a command ended, and all that it printed. */
    public record Outcome(int exitCode, String output) {

        public String succeeded() {
            assertThat(exitCode).as(output).isZero();
            return output;
        }
    }

    private Command() {}

    /**
     * Runs without input, and without this environment's own {@code LEPTON_} variables. What cannot
     * be started ends with 127, as the shell says that there is no such program.
     */
    public static Outcome run(
            Path folder, Map<String, String> environment, Duration limit, List<String> words) {
        try {
            Path output = Files.createTempFile("command-", ".txt");
            try {
                ProcessBuilder builder = new ProcessBuilder(words);
                builder.environment().keySet().removeIf(name -> name.startsWith("LEPTON_"));
                builder.environment().putAll(environment);
                Process process =
                        builder.directory(folder.toFile())
                                .redirectInput(Path.of("/dev/null").toFile())
                                .redirectErrorStream(true)
                                .redirectOutput(output.toFile())
                                .start();
                if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly();
                    throw new AssertionError(
                            "'%s' hangs:\n%s"
                                    .formatted(String.join(" ", words), Files.readString(output)));
                }
                return new Outcome(process.exitValue(), Files.readString(output));
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            return new Outcome(127, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
