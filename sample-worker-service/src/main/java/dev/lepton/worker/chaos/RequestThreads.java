package dev.lepton.worker.chaos;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.tomcat.util.threads.ThreadPoolExecutor;

/** Takes all request threads of Tomcat for ever: it goes on accepting, and answers nobody. */
final class RequestThreads {

    private final Supplier<Executor> pool;

    /**
     * @param pool Tomcat's executor, which exists once the server has started
     */
    RequestThreads(Supplier<Executor> pool) {
        this.pool = pool;
    }

    /** Every thread waits for what never comes. */
    void hang() {
        CountDownLatch never = new CountDownLatch(1);
        occupy(() -> awaitQuietly(never));
    }

    /** Two threads hold a lock each and want the other's; the rest wants one of them, too. */
    void deadlock() {
        Lock first = new ReentrantLock();
        Lock second = new ReentrantLock();
        CountDownLatch bothHold = new CountDownLatch(2);
        pool.get().execute(() -> holdOneAndWantTheOther(first, second, bothHold));
        pool.get().execute(() -> holdOneAndWantTheOther(second, first, bothHold));
        awaitQuietly(bothHold);
        occupy(first::lock);
    }

    private void occupy(Runnable forEver) {
        int threads =
                pool.get() instanceof ThreadPoolExecutor executor
                        ? executor.getMaximumPoolSize()
                        : 1;
        for (int i = 0; i < threads; i++) {
            pool.get().execute(forEver);
        }
    }

    private static void holdOneAndWantTheOther(Lock one, Lock other, CountDownLatch bothHold) {
        one.lock();
        bothHold.countDown();
        awaitQuietly(bothHold);
        other.lock();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            // The server stops, by which this fault ends as well.
            Thread.currentThread().interrupt();
        }
    }
}
