package dev.lepton.platform.build;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A command with exactly the environment that the test names. */
final class Script {

    /** How a command ended, and what it printed. */
    record Outcome(int exitCode, String output, String errors) {}

    private final List<String> command;
    private final Map<String, String> environment = new LinkedHashMap<>();
    private Path folder = Path.of(System.getProperty("java.io.tmpdir"));

    private Script(List<String> command) {
        this.command = command;
    }

    static Script of(Object... command) {
        return new Script(Arrays.stream(command).map(Object::toString).toList());
    }

    Script with(String name, Object value) {
        environment.put(name, value.toString());
        return this;
    }

    Script in(Path workingFolder) {
        folder = workingFolder;
        return this;
    }

    Script arguments(String... arguments) {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(arguments));
        Script script = new Script(all);
        script.environment.putAll(environment);
        script.folder = folder;
        return script;
    }

    Outcome run() {
        return run(60);
    }

    Outcome run(int seconds) {
        try {
            Path output = Files.createTempFile("script", ".out");
            Path errors = Files.createTempFile("script", ".err");
            try {
                Process process = start(output, errors);
                if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly();
                    throw new AssertionError(
                            command
                                    + " still runs after "
                                    + seconds
                                    + " s\n"
                                    + Files.readString(output)
                                    + Files.readString(errors));
                }
                return new Outcome(
                        process.exitValue(), Files.readString(output), Files.readString(errors));
            } finally {
                Files.delete(output);
                Files.delete(errors);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(command + " was interrupted", e);
        }
    }

    private Process start(Path output, Path errors) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.directory(folder.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
    }
}
