package dev.lepton.supervisor.runtime;

import dev.lepton.client.unit.StartId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
     */
    private record Stat(char state, long parent, long session, long startTicks) {

        boolean runs() {
            return state != 'Z' && state != 'X';
        }
    }

    private final String bootId;

    ProcTable() {
        bootId = text(BOOT_ID).strip();
    }

    static boolean available() {
        return Files.isReadable(PROC.resolve("self/stat")) && Files.isReadable(BOOT_ID);
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
        if (!runs(mark)) {
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
            Stat stat = stat(pid);
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
        if (!bootId.equals(mark.bootId())) {
            return false;
        }
        Stat stat = stat(mark.pid());
        return stat != null
                && stat.runs()
                && mark.startTicks() != null
                && stat.startTicks() == mark.startTicks();
    }

    @Override
    public List<ProcessHandle> others(ProcessMark main, StartId startId) {
        boolean mainRuns = runs(main);
        Stream<ProcessHandle> session =
                pids().filter(pid -> pid != main.pid())
                        .filter(pid -> {
                            Stat stat = stat(pid);
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

    private static Stream<Long> pids() {
        try (Stream<Path> entries = Files.list(PROC)) {
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
    private static @Nullable String startIdOf(long pid) {
        return Arrays.stream(text(PROC.resolve(pid + "/environ")).split("\0"))
                .filter(variable -> variable.startsWith(START_ID))
                .map(variable -> variable.substring(START_ID.length()))
                .findFirst()
                .orElse(null);
    }

    private static @Nullable Stat stat(long pid) {
        String line = text(PROC.resolve(pid + "/stat"));
        int name = line.lastIndexOf(')');
        if (name < 0) {
            return null;
        }
        String[] fields = line.substring(name + 2).split(" ");
        return new Stat(
                fields[0].charAt(0),
                Long.parseLong(fields[1]),
                Long.parseLong(fields[3]),
                Long.parseLong(fields[19]));
    }

    /** Empty when the file is gone with its process, or not ours to read. */
    private static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException _) {
            return "";
        }
    }
}
