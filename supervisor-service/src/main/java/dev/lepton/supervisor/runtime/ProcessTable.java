package dev.lepton.supervisor.runtime;

import dev.lepton.client.unit.StartId;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/** What can be known about the processes of this machine. */
interface ProcessTable {

    /**
     * The mark of a process that is known to be ours, such as a child.
     *
     * @throws UncheckedIOException when it cannot be told
     */
    ProcessMark mark(ProcessHandle process);

    /**
     * The process of a mark, unless it has ended or cannot be proven to be that start.
     *
     * @throws UncheckedIOException when it cannot be told whether it has ended
     */
    Optional<ProcessHandle> find(ProcessMark mark, StartId startId);

    /**
     * The main process of a start whose pid nobody wrote down.
     *
     * @throws UncheckedIOException when it cannot be told whether there is one
     */
    Optional<ProcessHandle> search(StartId startId);

    /**
     * Whether the process of a mark still runs; a zombie does not, one that cannot be seen does.
     */
    boolean runs(ProcessMark mark);

    /** What the process of a mark does now. */
    RunState state(ProcessMark mark);

    /** What the kernel says of the process of a mark, as text; empty when it says nothing. */
    String description(ProcessMark mark);

    /**
     * The processes of a run beside its main one: those of its session, and descendants while the
     * main one lives.
     *
     * @throws UncheckedIOException when it cannot be told which there are
     */
    List<ProcessHandle> others(ProcessMark main, StartId startId);

    static ProcessTable ofThisMachine() {
        return ProcTable.available() ? new ProcTable() : new PortableTable();
    }
}
