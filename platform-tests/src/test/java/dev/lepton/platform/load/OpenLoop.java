package dev.lepton.platform.load;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends requests at a fixed rate, each on a virtual thread of its own. A request's latency counts
 * from the moment it was due, so that a stall of the system, or of this generator, shows in every
 * request that it delays (wrk2 calls the opposite "coordinated omission"). A request that the cap
 * on requests in flight refuses counts as failed.
 */
public final class OpenLoop implements AutoCloseable {

    /** One request; what it returns names who answered, what it throws is the failure. */
    @FunctionalInterface
    public interface Request {
        String send() throws Exception;
    }

    private static final int MAX_IN_FLIGHT = 2_000;

    private final long intervalNanos;
    private final Request request;
    private final Semaphore inFlight = new Semaphore(MAX_IN_FLIGHT);
    private final ConcurrentLinkedQueue<Sample> samples = new ConcurrentLinkedQueue<>();
    private final ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor();
    private final Thread clock;
    private volatile boolean running = true;

    private OpenLoop(int perSecond, Request request) {
        this.intervalNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
        this.request = request;
        this.clock = Thread.ofPlatform().name("open-loop").daemon().unstarted(this::run);
    }

    public static OpenLoop start(int perSecond, Request request) {
        OpenLoop loop = new OpenLoop(perSecond, request);
        loop.clock.start();
        return loop;
    }

    private void run() {
        long due = System.nanoTime();
        while (running) {
            due += intervalNanos;
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            launch(due);
        }
    }

    private void launch(long due) {
        if (!inFlight.tryAcquire()) {
            samples.add(
                    Sample.failed(
                            due,
                            due,
                            due,
                            new IllegalStateException(
                                    "more than " + MAX_IN_FLIGHT + " in flight")));
            return;
        }
        senders.execute(() -> {
            long sent = System.nanoTime();
            try {
                String by = request.send();
                samples.add(Sample.answered(due, sent, System.nanoTime(), by));
            } catch (Exception e) {
                samples.add(Sample.failed(due, sent, System.nanoTime(), e));
            } finally {
                inFlight.release();
            }
        });
    }

    /** What has been answered so far. */
    public List<Sample> samples() {
        return List.copyOf(samples);
    }

    /** Sends nothing more, waits for what is in flight, and reports on everything. */
    public LoadReport stop() {
        running = false;
        try {
            clock.join();
            senders.shutdown();
            if (!senders.awaitTermination(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException(
                        "requests were still in flight 60 s after the last was sent");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the load was stopping", e);
        }
        return new LoadReport(samples());
    }

    @Override
    public void close() {
        running = false;
        senders.shutdownNow();
    }
}
