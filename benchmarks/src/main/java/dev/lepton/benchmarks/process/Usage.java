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

    public static final Usage NONE = new Usage(0, 0, 0);

    /** Of 10 ms on every Linux, as programs see it. */
    private static final long TICK_MICROS = 10_000;

    private static final int UTIME = 11;
    private static final int STIME = 12;
    private static final int ENDED_CHILDREN_UTIME = 13;
    private static final int ENDED_CHILDREN_STIME = 14;
    private static final String WAITS = "voluntary_ctxt_switches:";

    public static Usage of(List<Long> pids) throws IOException {
        Usage all = NONE;
        for (long pid : pids) {
            Path folder = Path.of("/proc/" + pid);
            all = all.plus(parse(Files.readString(folder.resolve("stat")), waits(folder)));
        }
        return all;
    }

    /**
     * Of a process, of those that it has started, and of those of them that have ended, as far as
     * it has waited for them. The waits are those of the first alone.
     */
    public static Usage ofTree(ProcessHandle root) throws IOException {
        Path folder = Path.of("/proc/" + root.pid());
        String stat = Files.readString(folder.resolve("stat"));
        Usage all = parse(stat, waits(folder)).plus(endedChildren(stat));
        for (ProcessHandle child : root.descendants().toList()) {
            try {
                all =
                        all.plus(
                                parse(
                                        Files.readString(Path.of("/proc/" + child.pid() + "/stat")),
                                        0));
            } catch (NoSuchFileException e) {
                // It has ended meanwhile; what it used is among that of the ended ones next time.
                continue;
            }
        }
        return all;
    }

    /**
     * @param stat as of {@link #parse}
     */
    static Usage endedChildren(String stat) {
        return times(stat, ENDED_CHILDREN_UTIME, ENDED_CHILDREN_STIME, 0);
    }

    /**
     * @param stat the text of {@code /proc/PID/stat}; the name in it may hold blanks and brackets
     */
    static Usage parse(String stat, long waits) {
        return times(stat, UTIME, STIME, waits);
    }

    private static Usage times(String stat, int userField, int systemField, long waits) {
        String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        long user = Long.parseLong(afterName[userField]) * TICK_MICROS;
        long system = Long.parseLong(afterName[systemField]) * TICK_MICROS;
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
