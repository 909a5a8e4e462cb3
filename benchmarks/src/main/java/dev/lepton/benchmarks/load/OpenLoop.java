package dev.lepton.benchmarks.load;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Asks at a fixed rate, whatever became of earlier requests. A latency counts from the moment at
 * which the request was due, so that a stall shows in every request that it delays.
 */
public final class OpenLoop {

    private static final Duration LONGEST_IDLE = Duration.ofSeconds(10);

    private final URI target;
    private final Duration timeout;
    private final ConcurrentLinkedDeque<HttpConnection> idle = new ConcurrentLinkedDeque<>();
    private final ConcurrentLinkedQueue<Sample> samples = new ConcurrentLinkedQueue<>();

    private OpenLoop(URI target, Duration timeout) {
        this.target = target;
        this.timeout = timeout;
    }

    /**
     * @param timeout of a connect and of each read, after which a request has failed
     */
    public static LatencyReport run(URI target, int perSecond, Duration length, Duration timeout)
            throws IOException, InterruptedException {
        OpenLoop loop = new OpenLoop(target, timeout);
        ExecutorService senders =
                Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory());
        try {
            loop.launch(senders, perSecond, length);
        } finally {
            senders.shutdown();
        }
        if (!senders.awaitTermination(timeout.toSeconds() * 2 + 10, TimeUnit.SECONDS)) {
            throw new IllegalStateException(
                    "requests are still under way long after their timeout");
        }
        for (HttpConnection connection : loop.idle) {
            connection.close();
        }
        return LatencyReport.of(loop.samples);
    }

    private void launch(ExecutorService senders, int perSecond, Duration length) {
        long interval = TimeUnit.SECONDS.toNanos(1) / perSecond;
        long begin = System.nanoTime();
        for (long after = 0; after < length.toNanos(); after += interval) {
            long due = begin + after;
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            Duration dueAfter = Duration.ofNanos(after);
            senders.execute(() -> samples.add(sample(dueAfter, due)));
        }
    }

    private Sample sample(Duration dueAfter, long due) {
        long sent = System.nanoTime();
        boolean answered = ask();
        return new Sample(dueAfter, sent - due, answered, System.nanoTime() - sent);
    }

    private boolean ask() {
        try {
            HttpConnection connection = acquire();
            try {
                return connection.ask() == 200;
            } finally {
                if (connection.reusable()) {
                    idle.push(connection);
                } else {
                    connection.close();
                }
            }
        } catch (IOException e) {
            // Counted: the caller takes it for failed.
            return false;
        }
    }

    private HttpConnection acquire() throws IOException {
        for (HttpConnection pooled = idle.poll(); pooled != null; pooled = idle.poll()) {
            // A server might be closing one that lay longer.
            if (pooled.idle().compareTo(LONGEST_IDLE) < 0) {
                return pooled;
            }
            pooled.close();
        }
        return new HttpConnection(target, timeout);
    }

    /**
     * One request.
     *
     * @param dueAfter the begin of the load
     * @param lagNanos from due to sent
     * @param tookNanos from sent to answered, or failed
     */
    record Sample(Duration dueAfter, long lagNanos, boolean answered, long tookNanos) {

        long latencyNanos() {
            return lagNanos + tookNanos;
        }
    }
}
