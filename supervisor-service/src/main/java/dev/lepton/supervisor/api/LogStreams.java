package dev.lepton.supervisor.api;

import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.supervisor.supervision.Supervision;
import dev.lepton.supervisor.supervision.UnitStatus;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Writes the output of a unit's run to a caller, and goes on with it, across restarts, for one who
 * follows. A caller that has gone away is noticed at the next write only, so their number is
 * bounded: the oldest makes room for a new one.
 */
final class LogStreams {

    private static final int MOST_FOLLOWERS = 32;
    private static final long PAUSE_NANOS = 100_000_000;
    private static final int CHUNK = 64 * 1024;

    private final Supervision supervision;
    private final Deque<Object> followers = new ArrayDeque<>();

    LogStreams(Supervision supervision) {
        this.supervision = supervision;
    }

    void write(UnitId unit, int lines, boolean follow, OutputStream out) throws IOException {
        Path file = current(unit);
        long from = file == null ? 0 : startOfLast(file, lines);
        from = file == null ? 0 : copy(file, from, out);
        out.flush();
        if (follow) {
            follow(unit, file, from, out);
        }
    }

    private void follow(UnitId unit, @Nullable Path begun, long begunAt, OutputStream out)
            throws IOException {
        Object self = new Object();
        join(self);
        try {
            Path file = begun;
            long at = begunAt;
            while (joined(self)) {
                Path current = current(unit);
                boolean over = supervision.stopping() && stopped(unit);
                long before = at;
                if (file != null) {
                    at = copy(file, at, out);
                }
                if (current != null && !current.equals(file)) {
                    file = current;
                    at = 0;
                } else if (over) {
                    return;
                } else if (at == before) {
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
        } finally {
            leave(self);
        }
    }

    private @Nullable Path current(UnitId unit) {
        return supervision.status(unit).map(UnitStatus::log).filter(Files::exists).orElse(null);
    }

    private boolean stopped(UnitId unit) {
        return supervision
                .status(unit)
                .map(status -> status.state() == UnitState.STOPPED)
                .orElse(true);
    }

    /** Copies what a file holds from a place on, and answers with the place after it. */
    private static long copy(Path file, long from, OutputStream out) throws IOException {
        if (!Files.exists(file)) {
            return from;
        }
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "r")) {
            // A file that has become shorter was cut, and begins with what was kept of it.
            long at = access.length() < from ? 0 : from;
            access.seek(at);
            byte[] chunk = new byte[CHUNK];
            boolean any = false;
            for (int read = access.read(chunk); read > 0; read = access.read(chunk)) {
                out.write(chunk, 0, read);
                at += read;
                any = true;
            }
            if (any) {
                out.flush();
            }
            return at;
        }
    }

    /** Where the last {@code lines} lines of a file begin. */
    static long startOfLast(Path file, int lines) throws IOException {
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "r")) {
            long end = access.length();
            if (lines == 0) {
                return end;
            }
            byte[] chunk = new byte[CHUNK];
            int seen = 0;
            long upTo = end;
            while (upTo > 0) {
                int length = (int) Math.min(CHUNK, upTo);
                access.seek(upTo - length);
                access.readFully(chunk, 0, length);
                for (int i = length - 1; i >= 0; i--) {
                    long at = upTo - length + i;
                    // The newline at the very end closes the last line and begins none.
                    if (chunk[i] == '\n' && at != end - 1 && ++seen == lines) {
                        return at + 1;
                    }
                }
                upTo -= length;
            }
            return 0;
        }
    }

    private synchronized void join(Object follower) {
        if (followers.size() >= MOST_FOLLOWERS) {
            followers.removeFirst();
        }
        followers.addLast(follower);
    }

    private synchronized boolean joined(Object follower) {
        return followers.contains(follower);
    }

    private synchronized void leave(Object follower) {
        followers.remove(follower);
    }
}
