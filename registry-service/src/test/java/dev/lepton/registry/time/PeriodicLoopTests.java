package dev.lepton.registry.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class PeriodicLoopTests {

    private final AtomicInteger runs = new AtomicInteger();

    @Test
    void everyStartRunsTheDuty() throws InterruptedException {
        AtomicReference<CountDownLatch> ran = new AtomicReference<>();
        PeriodicLoop loop =
                new PeriodicLoop(
                        "test", Duration.ofHours(1), () -> ran.get().countDown(), System::nanoTime);

        for (int start = 0; start < 500; start++) {
            ran.set(new CountDownLatch(1));
            loop.start();
            assertThat(ran.get().await(10, TimeUnit.SECONDS)).as("start %d", start).isTrue();
            loop.stop();
        }
    }

    @Test
    void dutyThatFailsIsTriedAgain() {
        PeriodicLoop loop =
                new PeriodicLoop(
                        "test",
                        Duration.ofMillis(1),
                        () -> {
                            runs.incrementAndGet();
                            throw new IllegalStateException("as the test wants it");
                        },
                        System::nanoTime);

        loop.start();
        await().atMost(Duration.ofSeconds(10)).until(() -> runs.get() > 3);
        loop.stop();

        assertThat(loop.isRunning()).isFalse();
    }

    @Test
    void lateRunIsNoticed() {
        AtomicLong nanos = new AtomicLong();
        PeriodicLoop loop =
                new PeriodicLoop(
                        "test",
                        Duration.ofMillis(1),
                        () -> {
                            if (runs.incrementAndGet() == 1) {
                                nanos.addAndGet(Duration.ofMillis(502).toNanos());
                            } else {
                                nanos.addAndGet(Duration.ofMillis(1).toNanos());
                            }
                        },
                        nanos::get);

        loop.start();
        await().atMost(Duration.ofSeconds(10)).until(() -> runs.get() > 3);
        loop.stop();

        assertThat(loop.lateRuns()).isEqualTo(1);
    }
}
