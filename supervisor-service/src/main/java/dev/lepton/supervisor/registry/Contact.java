package dev.lepton.supervisor.registry;

import dev.lepton.client.node.NodeBeatAnswer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Knows whether a registry answers, by when the node's last beat was sent that was answered as
 * stored: a replica that cannot store a beat may be cut off from the truth itself.
 */
final class Contact {

    /** Room for two beats of the node that get lost. */
    private static final Duration LATELY = Duration.ofSeconds(3);

    private final LongSupplier nanos;
    private final AtomicReference<@Nullable Long> sentNanos = new AtomicReference<>();

    Contact(LongSupplier nanos) {
        this.nanos = nanos;
    }

    void answered(NodeBeatAnswer answer, long sent) {
        if (answer.stored()) {
            sentNanos.set(sent);
        }
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
