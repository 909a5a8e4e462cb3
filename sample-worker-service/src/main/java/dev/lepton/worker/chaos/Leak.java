package dev.lepton.worker.chaos;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Keeps what it allocates. */
final class Leak implements Runnable {

    private static final int STEP_BYTES = 16 * 1024 * 1024;

    private final Queue<byte[]> kept = new ConcurrentLinkedQueue<>();

    /** One step; the step that finds no memory any more ends with an {@link OutOfMemoryError}. */
    @Override
    public void run() {
        kept.add(new byte[STEP_BYTES]);
    }

    int steps() {
        return kept.size();
    }
}
