package dev.lepton.starter.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
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
}
