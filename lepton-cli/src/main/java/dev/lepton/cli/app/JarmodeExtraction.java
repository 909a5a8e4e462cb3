package dev.lepton.cli.app;

import dev.lepton.cli.outcome.CommandFailed;
import dev.lepton.cli.outcome.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Lets the jar unpack itself, by Spring Boot's {@code tools} jar mode. */
public final class JarmodeExtraction implements Extraction {

    private final Path java;

    /**
     * @param java the program to run
     */
    public JarmodeExtraction(Path java) {
        this.java = java;
    }

    @Override
    public void extract(Path jar, Path destination) throws IOException {
        Process process =
                new ProcessBuilder(
                                List.of(
                                        java.toString(),
                                        "-XX:+UseSerialGC",
                                        "-XX:TieredStopAtLevel=1",
                                        "-Xmx128m",
                                        "-Djarmode=tools",
                                        "-jar",
                                        jar.toString(),
                                        "extract",
                                        "--destination",
                                        destination.toString()))
                        .redirectErrorStream(true)
                        .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new CommandFailed(
                        ExitCode.FAILED,
                        "%s cannot be unpacked (%s): build it again with './mvnw package'"
                                .formatted(jar, output.strip()));
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new CommandFailed(ExitCode.FAILED, "interrupted", e);
        }
    }
}
