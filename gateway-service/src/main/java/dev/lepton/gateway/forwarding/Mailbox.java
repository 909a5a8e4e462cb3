package dev.lepton.gateway.forwarding;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what it is given one at a time, in order, on the thread of whoever gave the first of it, so
 * that what only that touches needs no lock.
 */
final class Mailbox {

    private static final Logger log = LoggerFactory.getLogger(Mailbox.class);

    private final Queue<Runnable> mail = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Consumer<Throwable> whenFailed;

    /**
     * @param whenFailed told what a piece of mail threw, before the next one is run
     */
    Mailbox(Consumer<Throwable> whenFailed) {
        this.whenFailed = whenFailed;
    }

    void tell(Runnable event) {
        mail.add(event);
        if (waiting.getAndIncrement() != 0) {
            return;
        }
        do {
            Runnable next = mail.poll();
            if (next != null) {
                handle(next);
            }
        } while (waiting.decrementAndGet() != 0);
    }

    /** Whatever it throws, the mail behind it is handled, the deadline for one. */
    private void handle(Runnable event) {
        try {
            event.run();
        } catch (Throwable e) {
            tellFailed(e);
        }
    }

    /** Thrown on, it would leave the mail counted as waiting, and nobody would handle any more. */
    private void tellFailed(Throwable error) {
        try {
            whenFailed.accept(error);
        } catch (Throwable e) {
            e.addSuppressed(error);
            log.error("what failed could not be told", e);
        }
    }
}
