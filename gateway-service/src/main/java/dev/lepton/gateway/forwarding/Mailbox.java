package dev.lepton.gateway.forwarding;

import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what it is given on one event loop, one at a time and in order, so that what only that
 * touches needs no lock: at once when it comes from the loop, else as soon as the loop comes to it.
 */
final class Mailbox {

    private static final Logger log = LoggerFactory.getLogger(Mailbox.class);

    private final EventExecutor loop;
    private final Consumer<Throwable> whenFailed;

    /** What came while other mail was handled; seldom anything. */
    private @Nullable Queue<Runnable> behind;

    private boolean handling;

    /**
     * @param whenFailed told what a piece of mail threw, before the next one is run
     */
    Mailbox(EventExecutor loop, Consumer<Throwable> whenFailed) {
        this.loop = loop;
        this.whenFailed = whenFailed;
    }

    void tell(Runnable event) {
        if (loop.inEventLoop()) {
            take(event);
            return;
        }
        try {
            loop.execute(() -> take(event));
        } catch (RejectedExecutionException e) {
            // Its loop has ended, and with it the connection of the client who asked.
            log.debug("too late for a loop that has ended", e);
        }
    }

    private void take(Runnable event) {
        if (handling) {
            if (behind == null) {
                behind = new ArrayDeque<>();
            }
            behind.add(event);
            return;
        }
        handling = true;
        for (Runnable next = event; next != null; next = behind == null ? null : behind.poll()) {
            handle(next);
        }
        handling = false;
    }

    /** Whatever it throws, the mail behind it is handled, the deadline for one. */
    private void handle(Runnable event) {
        try {
            event.run();
        } catch (Throwable e) {
            tellFailed(e);
        }
    }

    /**
     * Thrown on, it would leave the mail as if it were still handled, and none would be any more.
     */
    private void tellFailed(Throwable error) {
        try {
            whenFailed.accept(error);
        } catch (Throwable e) {
            e.addSuppressed(error);
            log.error("what failed could not be told", e);
        }
    }
}
