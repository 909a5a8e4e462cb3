package dev.lepton.platform.faults;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A process for each processor that wants all of it, at the ordinary priority. */
final class BusyLoops implements AutoCloseable {

    private final List<Process> loops = new ArrayList<>();

    private BusyLoops() {}

    static BusyLoops onEveryProcessor() throws IOException {
        BusyLoops busy = new BusyLoops();
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            busy.loops.add(new ProcessBuilder("sh", "-c", "while :; do :; done").start());
        }
        return busy;
    }

    @Override
    public void close() {
        loops.forEach(Process::destroyForcibly);
    }
}
