package dev.lepton.cli.home;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * When a process was started, as Linux counts: ticks since a boot. Unlike its start by the wall
 * clock, which is derived from the present time, this does not move when a clock is set.
 */
record KernelStart(String bootId, long ticks) {

    /** Its place among the fields that follow the name in {@code /proc/PID/stat}. */
    private static final int START_TICKS = 19;

    /** Null without {@code /proc}, and when the process is gone. */
    static @Nullable KernelStart of(long pid) {
        try {
            String stat = text("/proc/" + pid + "/stat");
            // The name is in brackets and may itself hold any character.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return new KernelStart(
                    text("/proc/sys/kernel/random/boot_id").strip(),
                    Long.parseLong(fields[START_TICKS]));
        } catch (IOException e) {
            // Whoever asks has other ways to tell.
            return null;
        }
    }

    private static String text(String file) throws IOException {
        return Files.readString(Path.of(file), StandardCharsets.ISO_8859_1);
    }
}
