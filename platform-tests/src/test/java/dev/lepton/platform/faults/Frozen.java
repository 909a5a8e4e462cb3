package dev.lepton.platform.faults;

import dev.lepton.platform.running.Signals;
import java.util.List;
import java.util.stream.Stream;

/** Processes that stand still until this is closed. */
record Frozen(List<Long> pids) implements AutoCloseable {

    static Frozen of(long pid) {
        Signals.stop(pid);
        return new Frozen(List.of(pid));
    }

    /** A process and, once it can start no more of them, all that it has started. */
    static Frozen tree(long root) {
        ProcessHandle process = ProcessHandle.of(root).orElseThrow();
        Signals.stop(root);
        List<Long> below = process.descendants().map(ProcessHandle::pid).toList();
        below.forEach(Signals::stop);
        return new Frozen(Stream.concat(below.stream(), Stream.of(root)).toList());
    }

    /** Those that were killed meanwhile are left out. */
    @Override
    public void close() {
        pids.stream()
                .filter(pid -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent())
                .forEach(Signals::resume);
    }
}
