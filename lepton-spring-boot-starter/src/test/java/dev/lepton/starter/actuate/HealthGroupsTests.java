package dev.lepton.starter.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HealthGroupsTests {

    @Test
    void anErrorOfAnIndicatorDoesNotEndTheAsking() {
        AtomicInteger asked = new AtomicInteger();
        try (HealthGroups groups =
                new HealthGroups(
                        () -> {
                            asked.incrementAndGet();
                            throw new NoClassDefFoundError("planted");
                        },
                        Duration.ofMillis(1))) {
            assertThat(groups.byGroup()).isEmpty();

            await().until(() -> asked.get() > 4);
        }
    }

    @Test
    void askingThatCouldNotBeginIsBegunByTheNextWhoWantsToKnow() {
        AtomicInteger asked = new AtomicInteger();
        try (HealthGroups groups =
                new HealthGroups(
                        () -> {
                            asked.incrementAndGet();
                            return null;
                        },
                        Duration.ofMillis(1),
                        new NoThreadAtFirst())) {
            assertThatThrownBy(groups::byGroup).isInstanceOf(OutOfMemoryError.class);

            groups.byGroup();

            await().until(() -> asked.get() > 0);
        }
    }

    /** The system has no thread to spare when first asked. */
    private static final class NoThreadAtFirst extends ScheduledThreadPoolExecutor {

        private boolean refused;

        private NoThreadAtFirst() {
            super(1, Thread.ofPlatform().daemon().factory());
        }

        @Override
        public ScheduledFuture<?> scheduleWithFixedDelay(
                Runnable command, long initialDelay, long delay, TimeUnit unit) {
            if (!refused) {
                refused = true;
                throw new OutOfMemoryError("unable to create native thread, planted");
            }
            return super.scheduleWithFixedDelay(command, initialDelay, delay, unit);
        }
    }
}
