package dev.lepton.benchmarks.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What processes have used so far, as Linux counts it.
 *
 * @param systemMicros the part of the processor's time that the kernel took for them
 * @param waits voluntary context switches of all threads: how often one had to wait for something
 */
public record Usage(long cpuMicros, long systemMicros, long waits) {

    /** Of 10 ms on every Linux, as programs see it. */
    private static final long TICK_MICROS = 10_000;

    private static final int UTIME = 11;
    private static final int STIME = 12;
    private static final String WAITS = "voluntary_ctxt_switches:";

    public static Usage of(List<Long> pids) throws IOException {
        Usage all = new Usage(0, 0, 0);
        for (long pid : pids) {
            Path folder = Path.of("/proc/" + pid);
            all = all.plus(parse(Files.readString(folder.resolve("stat")), waits(folder)));
        }
        return all;
    }

    /**
     * @param stat the text of {@code /proc/PID/stat}; the name in it may hold blanks and brackets
     */
    static Usage parse(String stat, long waits) {
        String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        long user = Long.parseLong(afterName[UTIME]) * TICK_MICROS;
        long system = Long.parseLong(afterName[STIME]) * TICK_MICROS;
        return new Usage(user + system, system, waits);
    }

    private static long waits(Path process) throws IOException {
        long sum = 0;
        try (Stream<Path> tasks = Files.list(process.resolve("task"))) {
            for (Path task : tasks.toList()) {
                sum += waitsOf(task);
            }
        }
        return sum;
    }

    private static long waitsOf(Path task) throws IOException {
        try {
            return waits(Files.readString(task.resolve("status")));
        } catch (NoSuchFileException e) {
            // The thread has ended meanwhile.
            return 0;
        }
    }

    /**
     * @param status the text of {@code /proc/PID/task/TID/status}
     */
    static long waits(String status) {
        return status.lines()
                .filter(line -> line.startsWith(WAITS))
                .mapToLong(line -> Long.parseLong(line.substring(WAITS.length()).strip()))
                .sum();
    }

    private Usage plus(Usage other) {
        return new Usage(
                cpuMicros + other.cpuMicros,
                systemMicros + other.systemMicros,
                waits + other.waits);
    }

    public Usage since(Usage before) {
        return new Usage(
                cpuMicros - before.cpuMicros,
                systemMicros - before.systemMicros,
                waits - before.waits);
    }
}
