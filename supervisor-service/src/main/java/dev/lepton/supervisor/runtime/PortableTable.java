package dev.lepton.supervisor.runtime;

import dev.lepton.client.unit.StartId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The process table as the JDK shows it everywhere, macOS included: a process is known by its pid
 * and start instant. A start whose pid nobody wrote down cannot be found, and processes that have
 * outlived their parent cannot either.
 */
final class PortableTable implements ProcessTable {

    /** The start instant is derived from the boot time, which is exact to a second at best. */
    private static final Duration TOLERANCE = Duration.ofSeconds(1);

    @Override
    public ProcessMark mark(ProcessHandle process) {
        return new ProcessMark(
                process.pid(), process.info().startInstant().orElse(Instant.EPOCH), null, null);
    }

    @Override
    public Optional<ProcessHandle> find(ProcessMark mark, StartId startId) {
        return find(mark);
    }

    @Override
    public Optional<ProcessHandle> search(StartId startId) {
        return Optional.empty();
    }

    @Override
    public boolean runs(ProcessMark mark) {
        return find(mark).isPresent();
    }

    /** A stopped process looks like any other here. */
    @Override
    public RunState state(ProcessMark mark) {
        return runs(mark) ? RunState.RUNNING : RunState.GONE;
    }

    @Override
    public String description(ProcessMark mark) {
        return "";
    }

    @Override
    public List<ProcessHandle> others(ProcessMark main, StartId startId) {
        return find(main).map(handle -> handle.descendants().toList()).orElse(List.of());
    }

    private static Optional<ProcessHandle> find(ProcessMark mark) {
        return ProcessHandle.of(mark.pid())
                .filter(ProcessHandle::isAlive)
                .filter(handle ->
                        handle.info()
                                .startInstant()
                                .map(start -> near(start, mark.startInstant()))
                                .orElse(false));
    }

    private static boolean near(Instant a, Instant b) {
        return Duration.between(a, b).abs().compareTo(TOLERANCE) <= 0;
    }
}
