package dev.lepton.registry.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel lists of a process. The JDK takes a process that has ended and that nobody has
 * reaped for alive.
 *
 * @param startTicks when it was started; tells it from a later process with the same pid
 */
record ProcessEntry(char state, long startTicks) {

    private static final Path PROC = Path.of("/proc");

    /** Its place among the fields that follow the name. */
    private static final int START_TICKS = 19;

    /** Whether there are entries at all; on macOS there are none. */
    static boolean available() {
        return Files.exists(PROC.resolve("self/stat"));
    }

    /**
     * Null when there is none.
     *
     * @throws IOException when it cannot be read, which says nothing of the process
     */
    static @Nullable ProcessEntry of(long pid) throws IOException {
        Path folder = PROC.resolve(Long.toString(pid));
        String stat;
        try {
            stat = Files.readString(folder.resolve("stat"), StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            // A process that ends between opening and reading fails the reading.
            if (Files.notExists(folder)) {
                return null;
            }
            throw e;
        }
        // The name is in brackets and may itself hold any character.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return new ProcessEntry(fields[0].charAt(0), Long.parseLong(fields[START_TICKS]));
    }

    boolean hasEnded() {
        return state == 'Z' || state == 'X';
    }
}
