package dev.lepton.benchmarks.process;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Locale;

/**
 * The machine at one moment: what belongs beside each result.
 *
 * @param load of the last minute, over all processors
 * @param stolenTicks of 10 ms that the host gave to others, of all processors, since the start
 */
public record Machine(double load, long stolenTicks, long nanos) {

    private static final int STOLEN = 8;
    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

    public static Machine now() throws IOException {
        return new Machine(
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                stolenTicks(Files.readString(Path.of("/proc/stat"))),
                System.nanoTime());
    }

    /**
     * @param stat the text of {@code /proc/stat}
     */
    static long stolenTicks(String stat) {
        return Long.parseLong(stat.lines().findFirst().orElseThrow().split(" +")[STOLEN]);
    }

    /** A line about the machine, and about what went on beside a benchmark that began then. */
    public static String during(Machine begin, Machine end) {
        double available = (end.nanos - begin.nanos) / 1e7 * PROCESSORS;
        return String.format(
                Locale.ROOT,
                "Measured on %s, %d processors, %s, Java %s; load %.1f before it began, %.1f %% of the processors' time taken by the host.",
                LocalDate.now(),
                PROCESSORS,
                System.getProperty("os.arch"),
                System.getProperty("java.version"),
                begin.load,
                100 * (end.stolenTicks - begin.stolenTicks) / available);
    }
}
