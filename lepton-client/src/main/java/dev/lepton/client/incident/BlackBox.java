package dev.lepton.client.incident;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was taken of a process before or after its end.
 *
 * @param threads its thread dump, or what the kernel says of it when it was stopped; at most 256
 *     KiB of text, null when none was taken
 * @param lastLines the last lines of its log, the oldest first; at most 200 lines of 2000
 *     characters
 * @param probes the last looks at it, the oldest first; at most 50
 */
public record BlackBox(@Nullable String threads, List<String> lastLines, List<ProbeResult> probes) {

    public static final int LONGEST_THREADS = 256 * 1024;
    public static final int MOST_LINES = 200;
    public static final int LONGEST_LINE = 2000;
    public static final int MOST_PROBES = 50;

    public BlackBox(
            @Nullable String threads,
            @Nullable List<String> lastLines,
            @Nullable List<ProbeResult> probes) {
        atMost("threads", threads == null ? 0 : threads.length(), LONGEST_THREADS);
        atMost("lastLines", lastLines == null ? 0 : lastLines.size(), MOST_LINES);
        atMost("probes", probes == null ? 0 : probes.size(), MOST_PROBES);
        this.threads = threads;
        this.lastLines = lastLines == null ? List.of() : List.copyOf(lastLines);
        this.probes = probes == null ? List.of() : List.copyOf(probes);
        this.lastLines.forEach(line -> atMost("a line of lastLines", line.length(), LONGEST_LINE));
    }

    private static void atMost(String what, int size, int most) {
        if (size > most) {
            throw new IllegalArgumentException(
                    "'%s' has %d, the limit is %d".formatted(what, size, most));
        }
    }
}
