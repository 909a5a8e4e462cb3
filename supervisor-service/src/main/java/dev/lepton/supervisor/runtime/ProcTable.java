package dev.lepton.supervisor.runtime;

import dev.lepton.client.unit.StartId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The process table of Linux. A process is known by its pid, the kernel's boot and its start tick,
 * which the setting of a clock does not shift; its environment must not name another start. (A
 * program may have overwritten its environment, as PostgreSQL and nginx do to show a title: one
 * without any start-id does not contradict.)
 */
final class ProcTable implements ProcessTable {

    private static final Path PROC = Path.of("/proc");
    private static final Path BOOT_ID = PROC.resolve("sys/kernel/random/boot_id");
    private static final String START_ID = "LEPTON_START_ID=";

    /**
     * @param session the pid of the process that began its session
     * @param memoryBytes none of the kernel's own threads, and of what is about to be gone
     */
    private record Stat(char state, long parent, long session, long startTicks, long memoryBytes) {

        boolean runs() {
            return state != 'Z' && state != 'X';
        }

        /** Not one that a debugger holds: its state is a small t. */
        boolean stopped() {
            return state == 'T';
        }
    }

    private final Path proc;
    private final String bootId;

    ProcTable() {
        this(PROC, bootIdOfThisMachine());
    }

    /**
     * @param proc where the processes are listed
     */
    ProcTable(Path proc, String bootId) {
        this.proc = proc;
        this.bootId = bootId;
    }

    static boolean available() {
        return Files.isReadable(PROC.resolve("self/stat")) && Files.isReadable(BOOT_ID);
    }

    private static String bootIdOfThisMachine() {
        try {
            return Files.readString(BOOT_ID, StandardCharsets.ISO_8859_1).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot tell one boot from another", e);
        }
    }

    @Override
    public ProcessMark mark(ProcessHandle process) {
        Stat stat = stat(process.pid());
        return new ProcessMark(
                process.pid(),
                process.info().startInstant().orElse(Instant.EPOCH),
                bootId,
                stat == null ? -1 : stat.startTicks());
    }

    @Override
    public Optional<ProcessHandle> find(ProcessMark mark, StartId startId) {
        if (!isThat(mark)) {
            return Optional.empty();
        }
        String named = startIdOf(mark.pid());
        return named == null || named.equals(startId.toString())
                ? ProcessHandle.of(mark.pid())
                : Optional.empty();
    }

    @Override
    public Optional<ProcessHandle> search(StartId startId) {
        Map<Long, Stat> ours = new LinkedHashMap<>();
        pids().forEach(pid -> {
            Stat stat = statOfAny(pid);
            if (stat != null && stat.runs() && startId.toString().equals(startIdOf(pid))) {
                ours.put(pid, stat);
            }
        });
        return ours.entrySet().stream()
                .filter(entry -> !ours.containsKey(entry.getValue().parent()))
                .filter(entry -> entry.getValue().session() == entry.getKey())
                .map(Map.Entry::getKey)
                .findFirst()
                .flatMap(ProcessHandle::of);
    }

    @Override
    public boolean runs(ProcessMark mark) {
        try {
            return isThat(mark);
        } catch (UncheckedIOException _) {
            // What cannot be looked at is not gone: a second process beside it would be worse than
            // a late restart.
            return true;
        }
    }

    @Override
    public RunState state(ProcessMark mark) {
        try {
            Stat stat = statOf(mark);
            return stat == null
                    ? RunState.GONE
                    : stat.stopped() ? RunState.STOPPED : RunState.RUNNING;
        } catch (UncheckedIOException _) {
            return RunState.RUNNING;
        }
    }

    @Override
    public String description(ProcessMark mark) {
        try {
            return isThat(mark) ? Objects.requireNonNullElse(text(mark.pid(), "status"), "") : "";
        } catch (UncheckedIOException _) {
            // It only explains; the process is ended all the same.
            return "";
        }
    }

    private boolean isThat(ProcessMark mark) {
        return statOf(mark) != null;
    }

    /** Null when the process of the mark has ended. */
    private @Nullable Stat statOf(ProcessMark mark) {
        if (!bootId.equals(mark.bootId())) {
            return null;
        }
        Stat stat = stat(mark.pid());
        return stat != null
                        && stat.runs()
                        && mark.startTicks() != null
                        && stat.startTicks() == mark.startTicks()
                ? stat
                : null;
    }

    @Override
    public List<ProcessHandle> others(ProcessMark main, StartId startId) {
        boolean mainRuns = runs(main);
        Stream<ProcessHandle> session =
                pids().filter(pid -> pid != main.pid())
                        .filter(pid -> {
                            Stat stat = statOfAny(pid);
                            return stat != null && stat.runs() && stat.session() == main.pid();
                        })
                        // Once the main process is gone, a stranger may have got its pid and with
                        // it the session's number.
                        .filter(pid -> mainRuns || startId.toString().equals(startIdOf(pid)))
                        .flatMap(pid -> ProcessHandle.of(pid).stream());
        Stream<ProcessHandle> descendants =
                mainRuns
                        ? ProcessHandle.of(main.pid()).stream().flatMap(ProcessHandle::descendants)
                        : Stream.empty();
        return Stream.concat(session, descendants).distinct().toList();
    }

    private Stream<Long> pids() {
        try (Stream<Path> entries = Files.list(proc)) {
            return entries
                    .map(path -> String.valueOf(path.getFileName()))
                    .filter(name -> name.chars().allMatch(Character::isDigit))
                    .map(Long::valueOf)
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list the processes", e);
        }
    }

    /** Null when the process is gone, or its environment is not for us to read, or names none. */
    private @Nullable String startIdOf(long pid) {
        String environment = orNullIfNotForUs(() -> environment(pid));
        return environment == null
                ? null
                : Arrays.stream(environment.split("\0"))
                        .filter(variable -> variable.startsWith(START_ID))
                        .map(variable -> variable.substring(START_ID.length()))
                        .findFirst()
                        .orElse(null);
    }

    /** Null when the process is gone or has no memory, and with it no environment. */
    private @Nullable String environment(long pid) {
        try {
            return text(pid, "environ");
        } catch (UncheckedIOException e) {
            Stat stat = stat(pid);
            if (stat == null || stat.memoryBytes() == 0) {
                return null;
            }
            throw e;
        }
    }

    /** Null when the process is gone, or not for us to see, as where {@code hidepid} is set. */
    private @Nullable Stat statOfAny(long pid) {
        return orNullIfNotForUs(() -> stat(pid));
    }

    /** Null when the process is gone. */
    private @Nullable Stat stat(long pid) {
        String line = text(pid, "stat");
        if (line == null) {
            return null;
        }
        String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
        return new Stat(
                fields[0].charAt(0),
                Long.parseLong(fields[1]),
                Long.parseLong(fields[3]),
                Long.parseLong(fields[19]),
                Long.parseLong(fields[20]));
    }

    /**
     * Null when the file is gone with its process.
     *
     * @throws UncheckedIOException when it cannot be read, which says nothing of the process: there
     *     may be too many open files, say
     */
    private @Nullable String text(long pid, String name) {
        Path folder = proc.resolve(Long.toString(pid));
        try {
            return new String(
                    Files.readAllBytes(folder.resolve(name)), StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException _) {
            return null;
        } catch (IOException e) {
            // A process that ends between opening and reading fails the reading.
            if (Files.notExists(folder)) {
                return null;
            }
            throw new UncheckedIOException("cannot read of process " + pid, e);
        }
    }

    private static <T> @Nullable T orNullIfNotForUs(Supplier<@Nullable T> read) {
        try {
            return read.get();
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof AccessDeniedException) {
                return null;
            }
            throw e;
        }
    }
}
