package dev.lepton.registry.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The server's main process: one that was proven to serve this data directory.
 *
 * @param isChild whether this process has started it, and reaps it
 * @param startTicks when it was started, null where that is not known
 */
record Postmaster(ProcessHandle handle, boolean isChild, @Nullable Long startTicks) {

    private static final Duration POLL = Duration.ofMillis(50);

    /** A process id that no system gives, so that PostgreSQL takes its owner for dead. */
    private static final String NOBODY = Integer.toString(Integer.MAX_VALUE);

    /** The running one that the data directory names in {@code postmaster.pid}; null for none. */
    static @Nullable Postmaster of(Path data) {
        Long pid = recordedPid(data);
        if (pid == null) {
            return null;
        }
        ProcessHandle handle = ProcessHandle.of(pid).orElse(null);
        return handle != null && handle.isAlive() && serves(handle, data) ? found(handle) : null;
    }

    static Postmaster launched(Process process) {
        return new Postmaster(process.toHandle(), true, null);
    }

    /** Null when it has ended. */
    static @Nullable Postmaster found(ProcessHandle handle) {
        try {
            ProcessEntry entry = ProcessEntry.of(handle.pid());
            if (ProcessEntry.available() && (entry == null || entry.hasEnded())) {
                return null;
            }
            return new Postmaster(handle, false, entry == null ? null : entry.startTicks());
        } catch (IOException e) {
            throw PostgresRefusal.failed("cannot look at process " + handle.pid(), e);
        }
    }

    /**
     * Keeps PostgreSQL from taking a stranger who has the dead postmaster's process id for the
     * postmaster. The rest of the file stays: by it PostgreSQL looks for backends that outlived
     * their postmaster.
     */
    static void disownReusedPid(Path data) throws IOException {
        Long pid = recordedPid(data);
        if (pid != null && ProcessHandle.of(pid).isPresent() && of(data) == null) {
            Path file = data.resolve("postmaster.pid");
            String text = Files.readString(file);
            Files.writeString(file, NOBODY + text.substring(text.indexOf('\n')));
        }
    }

    /** Whether the server with this process id says of itself that it takes connections. */
    static boolean saysReady(Path data, long pid) {
        try {
            List<String> lines = Files.readAllLines(data.resolve("postmaster.pid"));
            return lines.size() >= 8
                    && lines.getFirst().strip().equals(Long.toString(pid))
                    && lines.get(7).strip().equals("ready");
        } catch (IOException e) {
            // Not written yet.
            return false;
        }
    }

    /** Ends all sessions, writes everything, exits. */
    void stopFast() {
        signal("INT");
    }

    /** Exits at once; the next start replays the log. */
    void quit() {
        signal("QUIT");
    }

    boolean exitsWithin(Duration limit) {
        try {
            onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return !runs();
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot wait for process " + handle.pid(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !runs();
        }
    }

    /** Completes once it has ended, also when nobody reaps it. */
    CompletableFuture<ProcessHandle> onExit() {
        if (isChild) {
            return handle.onExit();
        }
        CompletableFuture<ProcessHandle> exit = new CompletableFuture<>();
        Thread.ofVirtual()
                .name("postmaster-exit")
                .start(() -> {
                    while (runs()) {
                        LockSupport.parkNanos(POLL.toNanos());
                    }
                    exit.complete(handle);
                });
        return exit;
    }

    boolean runs() {
        if (isChild || startTicks == null) {
            return handle.isAlive();
        }
        try {
            ProcessEntry entry = ProcessEntry.of(handle.pid());
            return entry != null && !entry.hasEnded() && entry.startTicks() == startTicks;
        } catch (IOException e) {
            // What cannot be looked at is not gone: two servers on one data directory would be
            // worse than a late restart.
            return true;
        }
    }

    private void signal(String name) {
        if (!runs()) {
            return;
        }
        try {
            Commands.run(
                    List.of("sh", "-c", "kill -" + name + " \"$0\"", Long.toString(handle.pid())),
                    "");
        } catch (IOException e) {
            throw PostgresRefusal.failed("cannot signal process " + handle.pid(), e);
        }
    }

    private static @Nullable Long recordedPid(Path data) {
        Path file = data.resolve("postmaster.pid");
        if (!Files.exists(file)) {
            return null;
        }
        try {
            String text = Files.readString(file);
            long pid = Long.parseLong(text.substring(0, Math.max(0, text.indexOf('\n'))).strip());
            return pid > 0 ? pid : null;
        } catch (IOException | NumberFormatException e) {
            // Cut short in a crash: PostgreSQL itself refuses such a file, with its own message.
            return null;
        }
    }

    private static boolean serves(ProcessHandle process, Path data) {
        Path commandLine = Path.of("/proc", Long.toString(process.pid()), "cmdline");
        if (Files.exists(commandLine)) {
            try {
                String[] words = Files.readString(commandLine).split("\0", -1);
                return words.length > 2
                        && words[0].endsWith("/postgres")
                        && words[1].equals("-D")
                        && words[2].equals(data.toString());
            } catch (IOException e) {
                // Gone meanwhile: not ours any more.
                return false;
            }
        }
        return process.info()
                .commandLine()
                .orElse("")
                .matches(".*/postgres -D " + Pattern.quote(data.toString()) + "( .*)?");
    }
}
