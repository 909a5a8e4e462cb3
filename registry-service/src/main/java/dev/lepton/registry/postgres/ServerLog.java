package dev.lepton.registry.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server's own log: its last words for people, and its bound on the disk. */
record ServerLog(PostgresHome home) {

    /** PostgreSQL begins a new file at 5 MB and at each start. */
    static final String FILE_PATTERN = "postgresql-%Y%m%d-%H%M%S.log";

    private static final int KEPT = 5;
    private static final int LAST_LINES = 12;

    private static final Logger log = LoggerFactory.getLogger(ServerLog.class);

    static String withoutPasswords(String text) {
        return Arrays.stream(text.split("\n", -1))
                .filter(line -> !line.contains("PASSWORD"))
                .collect(Collectors.joining("\n"));
    }

    /** The last lines of what was printed at the start and of the newest log file. */
    String lastWords() {
        try (Stream<Path> newest = logs().limit(1)) {
            return Stream.concat(Stream.of(home.startLog()), newest)
                    .filter(Files::exists)
                    .map(ServerLog::lastLines)
                    .filter(text -> !text.isBlank())
                    .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            return "its log cannot be read: " + e;
        }
    }

    /** Removes all log files but the newest ones. */
    void trim() {
        try (Stream<Path> old = logs().skip(KEPT)) {
            for (Path file : old.toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            log.warn("Cannot remove old log files in {}: {}", home.log(), e.toString());
        }
    }

    private Stream<Path> logs() throws IOException {
        try (Stream<Path> files = Files.list(home.log())) {
            // Their names tell their age.
            return files
                    .filter(file -> file.getFileName().toString().startsWith("postgresql-"))
                    .sorted(Comparator.comparing(Path::toString).reversed())
                    .toList()
                    .stream();
        }
    }

    private static String lastLines(Path file) {
        try {
            List<String> lines =
                    new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
            return String.join(
                    "\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
        } catch (IOException e) {
            return file + " cannot be read: " + e;
        }
    }
}
