package dev.lepton.supervisor.registry;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Knows whether a registry answers, by when the node's last answered beat was sent. */
final class Contact {

    /** Room for two beats of the node that get lost. */
    private static final Duration LATELY = Duration.ofSeconds(3);

    private final LongSupplier nanos;
    private final AtomicReference<@Nullable Long> sentNanos = new AtomicReference<>();

    Contact(LongSupplier nanos) {
        this.nanos = nanos;
    }

    void answered(long sent) {
        sentNanos.set(sent);
    }

    /** What was answered before counts no more. */
    void lost() {
        sentNanos.set(null);
    }

    boolean answers() {
        Long sent = sentNanos.get();
        return sent != null && nanos.getAsLong() - sent < LATELY.toNanos();
    }
}
