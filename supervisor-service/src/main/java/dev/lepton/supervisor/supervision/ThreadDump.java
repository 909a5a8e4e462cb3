package dev.lepton.supervisor.supervision;

import dev.lepton.client.incident.BlackBox;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What a JVM writes into its log from now on, of which a dump of its threads is waited for. */
final class ThreadDump {

    private static final String FIRST_LINE = "Full thread dump";

    /** The JVM writes the number of its native references after the last thread. */
    private static final String LAST_LINE = "JNI global refs";

    private final Path log;
    private final long from;
    private int lengthBefore = -1;

    ThreadDump(Path log) {
        this.log = log;
        this.from = size(log);
    }

    /** What follows the last thread, deadlocks for one, has come when nothing more comes. */
    boolean complete() {
        String text = written();
        boolean still = text.length() == lengthBefore;
        lengthBefore = text.length();
        return still && text.contains(FIRST_LINE) && text.contains(LAST_LINE);
    }

    /** Null when no dump has begun. */
    @Nullable String text() {
        String text = written();
        int begin = text.indexOf(FIRST_LINE);
        return begin < 0 ? null : text.substring(begin);
    }

    private String written() {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            int length =
                    (int) Math.min(BlackBox.LONGEST_THREADS, Math.max(0, file.length() - from));
            byte[] bytes = new byte[length];
            file.seek(from);
            file.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException _) {
            // The dump only explains; without it the process is ended all the same.
            return "";
        }
    }

    private static long size(Path log) {
        try {
            return Files.size(log);
        } catch (IOException _) {
            return 0;
        }
    }
}
