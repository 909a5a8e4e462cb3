package dev.lepton.supervisor.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Counts the processes of a cgroup that the kernel has killed because the cgroup had no memory
 * left: {@code oom_kill} in {@code memory.events} (version 2) or {@code memory.oom_control}
 * (version 1).
 *
 * @param file null where there is no such count
 */
record MemoryKills(@Nullable Path file) {

    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
    private static final String COUNT = "oom_kill ";

    /** Those of the cgroup that a process is in. */
    static MemoryKills near(long pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/cgroup"))) {
            return new MemoryKills(
                    lines.flatMap(line -> file(line).stream())
                            .filter(Files::isReadable)
                            .findFirst()
                            .orElse(null));
        } catch (IOException | RuntimeException _) {
            // The count only explains an end; without it the signal stands for itself.
            return new MemoryKills(null);
        }
    }

    /** By a line such as {@code 0::/system.slice/x} or {@code 7:memory:/user}. */
    private static Optional<Path> file(String line) {
        String[] parts = line.split(":", 3);
        if (parts.length < 3) {
            return Optional.empty();
        }
        String below = parts[2].startsWith("/") ? parts[2].substring(1) : parts[2];
        if (parts[0].equals("0")) {
            return Optional.of(CGROUPS.resolve(below).resolve("memory.events"));
        }
        return parts[1].equals("memory")
                ? Optional.of(
                        CGROUPS.resolve("memory").resolve(below).resolve("memory.oom_control"))
                : Optional.empty();
    }

    /** 0 where there is no count. */
    long count() {
        if (file == null) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(COUNT))
                    .mapToLong(line -> Long.parseLong(line.substring(COUNT.length()).strip()))
                    .findFirst()
                    .orElse(0);
        } catch (IOException | RuntimeException _) {
            // As for a cgroup that is gone.
            return 0;
        }
    }
}
