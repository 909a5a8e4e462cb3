package dev.lepton.supervisor.runtime;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.Texts;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Stream;

/**
 * The log files of one unit: one for each run, named by its start in UTC and its start-id.
 *
 * <p>The unit holds the file open and appends to it, so it cannot be rotated by renaming. A file
 * that has grown too long is cut in place: its end is kept, the rest dropped. A line that the unit
 * writes during the cut may be lost.
 */
public final class RunLogs {

    static final int RUNS_KEPT = 10;

    /** Of which the last lines are taken; longer than most lines are. */
    private static final int LAST_LINES_BYTES = 128 * 1024;

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);
    private static final int START_ID_SHOWN = 8;

    private final Path folder;

    public RunLogs(Path folder) {
        this.folder = folder;
    }

    /** Makes the file of a new run, and drops those of the oldest. */
    public Path begin(StartId startId, Instant now) throws IOException {
        Files.createDirectories(folder);
        Path file =
                folder.resolve(
                        "%s-%s.log"
                                .formatted(
                                        STAMP.format(now),
                                        startId.toString().substring(0, START_ID_SHOWN)));
        Files.write(file, new byte[0], StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        List<Path> all = files();
        for (Path old : all.subList(0, Math.max(0, all.size() - RUNS_KEPT))) {
            if (!old.equals(file)) {
                Files.deleteIfExists(old);
            }
        }
        return file;
    }

    /** The files of all runs that are kept, the oldest first. */
    List<Path> files() throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(path -> path.toString().endsWith(".log")).sorted().toList();
        }
    }

    /** Cuts a file that is longer than {@code limit} bytes down to its last {@code kept} bytes. */
    public static void bound(Path file, long limit, int kept) throws IOException {
        if (!Files.exists(file) || Files.size(file) <= limit) {
            return;
        }
        byte[] end = end(file, kept);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(0);
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.APPEND)) {
            String note = "--- cut at %d bytes, the last %d follow ---\n".formatted(limit, kept);
            channel.write(ByteBuffer.wrap(note.getBytes(StandardCharsets.UTF_8)));
            channel.write(ByteBuffer.wrap(end));
        }
    }

    /** The last line with text in it, without control characters; empty when there is none. */
    public static String lastLine(Path file, int longest) {
        try {
            String line =
                    new String(end(file, 4096), StandardCharsets.UTF_8)
                            .lines()
                            .map(text -> text.replaceAll("\\p{Cntrl}", " ").strip())
                            .filter(text -> !text.isEmpty())
                            .reduce("", (_, later) -> later);
            return line.length() <= longest ? line : line.substring(0, longest) + "…";
        } catch (IOException _) {
            // The line only adds to a message; a run without a log still has its exit code.
            return "";
        }
    }

    /** The last lines of a file, the oldest first, without control characters. */
    public static List<String> lastLines(Path file, int most, int longest) {
        try {
            List<String> lines =
                    new String(end(file, LAST_LINES_BYTES), StandardCharsets.UTF_8)
                            .lines()
                            .map(line -> Texts.fitted(line, longest))
                            .toList();
            return lines.subList(Math.max(0, lines.size() - most), lines.size());
        } catch (IOException _) {
            // They only explain; a run without a log still has its exit code.
            return List.of();
        }
    }

    /** Up to {@code length} bytes of a file's end. */
    static byte[] end(Path file, int length) throws IOException {
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "r")) {
            long from = Math.max(0, access.length() - length);
            byte[] bytes = new byte[(int) (access.length() - from)];
            access.seek(from);
            access.readFully(bytes);
            return bytes;
        }
    }
}
