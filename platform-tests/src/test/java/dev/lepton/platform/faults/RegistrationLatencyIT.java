package dev.lepton.platform.faults;

import dev.lepton.platform.running.Bounds;
import dev.lepton.platform.running.OnSharedPlatform;
import dev.lepton.platform.running.Platform;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

@OnSharedPlatform
class RegistrationLatencyIT {

    private static final int REGISTRATIONS = 100;

    @Test
    void aRegisteredUnitAnswersThroughTheGatewayAlmostAtOnce(Platform platform) throws IOException {
        List<Duration> taken = new ArrayList<>();
        try (StubUnit unit = StubUnit.start(platform)) {
            for (int i = 1; i <= REGISTRATIONS; i++) {
                taken.add(unit.registeredUntilAnswered("late-comer-" + i));
            }
        }

        List<Duration> sorted = taken.stream().sorted().toList();
        System.out.printf(
                "register until answered through the gateway, %d registrations: p50 %d ms, p99 %d ms, max %d ms%n",
                REGISTRATIONS,
                sorted.get(REGISTRATIONS / 2 - 1).toMillis(),
                sorted.get(REGISTRATIONS - 2).toMillis(),
                sorted.getLast().toMillis());
        Bounds.holds(
                "register until answered, p99",
                sorted.get(REGISTRATIONS - 2),
                Duration.ofMillis(200));
    }
}
