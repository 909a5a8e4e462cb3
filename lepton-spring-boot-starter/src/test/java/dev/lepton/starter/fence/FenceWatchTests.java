package dev.lepton.starter.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.heartbeat.FenceTerms;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FenceWatchTests {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final FenceTerms TERMS =
            new FenceTerms(Duration.ofSeconds(4), Duration.ofSeconds(6));

    private final AtomicLong now = new AtomicLong();
    private final AtomicInteger looks = new AtomicInteger();
    private final Queue<String> done = new ConcurrentLinkedQueue<>();
    private final Fence fence = new Fence(false);
    private volatile boolean processEnds;
    private final FenceWatch watch =
            new FenceWatch(
                    fence,
                    () -> done.add("exit"),
                    () -> done.add("halt"),
                    () -> processEnds,
                    this::looked);

    private long looked() {
        looks.incrementAndGet();
        return now.get();
    }

    @AfterEach
    void end() {
        watch.close();
        now.set(TERMS.goneAfter().toNanos());
    }

    @Test
    void processExitsInOrderAndIsHaltedWhenThatTookTooLong() {
        fence.confirmed(TERMS, 0);
        watch.start();

        now.set(TERMS.stopAfter().toNanos());
        await().atMost(SOON).until(() -> done.contains("exit"));
        assertThat(done).containsExactly("exit");

        now.set(TERMS.goneAfter().toNanos());
        await().atMost(SOON).until(() -> done.contains("halt"));
    }

    @Test
    void orderlyStopOfAProcessThatLastsTooLongIsHaltedAtTheEndOfTheLease() {
        fence.confirmed(TERMS, 0);
        watch.start();

        processEnds = true;
        watch.close();
        int before = looks.get();
        await().atMost(SOON).until(() -> looks.get() > before + 1 || !watch.watches());
        now.set(TERMS.goneAfter().toNanos());

        await().atMost(SOON).until(() -> done.contains("halt"));
    }

    @Test
    void contextThatIsClosedInAProcessThatGoesOnEndsTheWatch() {
        fence.confirmed(TERMS, 0);
        watch.start();

        watch.close();
        await().atMost(SOON).until(() -> !watch.watches());

        assertThat(done).isEmpty();
    }

    @Test
    void orderlyStopThatTheFenceBeganIsHaltedAlsoAfterItsContextClosed() {
        fence.confirmed(TERMS, 0);
        now.set(TERMS.stopAfter().toNanos());
        watch.start();
        await().atMost(SOON).until(() -> done.contains("exit"));

        watch.close();
        now.set(TERMS.goneAfter().toNanos());

        await().atMost(SOON).until(() -> done.contains("halt"));
    }
}
