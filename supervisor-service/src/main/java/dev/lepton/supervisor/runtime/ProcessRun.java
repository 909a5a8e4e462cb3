package dev.lepton.supervisor.runtime;

import dev.lepton.client.unit.StartId;
import java.util.concurrent.CompletableFuture;

/** A run whose main process leads a session of its own. */
record ProcessRun(
        StartId startId,
        ProcessMark mark,
        ProcessHandle main,
        ProcessTable processes,
        CompletableFuture<Exit> exit)
        implements Run {

    @Override
    public void terminate() {
        processes.others(mark, startId).forEach(ProcessHandle::destroy);
        if (processes.runs(mark)) {
            main.destroy();
        }
    }

    @Override
    public void kill() {
        // The main process first, so that it can neither restart a child nor notice its end.
        var others = processes.others(mark, startId);
        if (processes.runs(mark)) {
            main.destroyForcibly();
        }
        others.forEach(ProcessHandle::destroyForcibly);
        processes.others(mark, startId).forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public boolean hasSurvivors() {
        return processes.runs(mark) || !processes.others(mark, startId).isEmpty();
    }
}
