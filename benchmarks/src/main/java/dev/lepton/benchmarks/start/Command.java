package dev.lepton.benchmarks.start;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Runs a program to its end. */
record Command(Path folder, Map<String, String> environment) {

    String run(List<String> words) throws IOException, InterruptedException {
        Path output = Files.createTempFile("benchmark-", ".txt");
        Path errors = Files.createTempFile("benchmark-", ".err");
        try {
            ProcessBuilder builder = new ProcessBuilder(words);
            builder.environment().putAll(environment);
            int exit =
                    builder.directory(folder.toFile())
                            .redirectOutput(output.toFile())
                            .redirectError(errors.toFile())
                            .start()
                            .waitFor();
            String printed = Files.readString(output);
            if (exit != 0) {
                throw new IOException(
                        words + " ended with " + exit + ":\n" + printed + Files.readString(errors));
            }
            return printed;
        } finally {
            Files.delete(output);
            Files.delete(errors);
        }
    }
}
