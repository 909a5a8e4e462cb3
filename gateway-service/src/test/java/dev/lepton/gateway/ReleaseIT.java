package dev.lepton.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.unit.UnitState;
import dev.lepton.gateway.holding.WaitingRoom;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a unit sees that comes up while many requests are held for it. */
@ExtendWith(LeakCheck.class)
class ReleaseIT {

    private static final int HELD = 100;
    private static final int FIRST_WAVE = 8;
    private static final Duration SOON = Duration.ofSeconds(10);

    @Test
    void unitThatComesUpGetsAFewOfTheHeldRequestsAndTheOthersAsItAnswers(@TempDir Path home)
            throws Exception {
        CountDownLatch warm = new CountDownLatch(1);
        try (StubUnit unit =
                        StubUnit.start(
                                "cold-1",
                                (request, reply) -> {
                                    awaitQuietly(warm);
                                    reply.send(200, "cold-1");
                                });
                RunningGateway gateway =
                        RunningGateway.start(
                                home,
                                "--lepton.gateway.attempt-timeout=15s",
                                "--lepton.gateway.hold.timeout=20s")) {
            gateway.put(unit.supervised("cold", UnitState.RECOVERING, 1));
            gateway.push();
            List<CompletableFuture<HttpResponse<String>>> held = new ArrayList<>();
            for (int i = 0; i < HELD; i++) {
                held.add(
                        gateway.http()
                                .sendAsync(
                                        gateway.request("/cold/x").GET().build(),
                                        HttpResponse.BodyHandlers.ofString()));
            }
            WaitingRoom room = gateway.bean(WaitingRoom.class);
            await().atMost(SOON).until(() -> room.held().getOrDefault("cold", 0) == HELD);

            gateway.put(unit.supervised("cold", UnitState.UP, 1));
            gateway.push();

            await().during(Duration.ofMillis(500))
                    .atMost(SOON)
                    .until(() -> unit.requests().size() == FIRST_WAVE);
            warm.countDown();
            for (var each : held) {
                assertThat(each.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            }
            assertThat(unit.requests()).hasSize(HELD);
            assertThat(room.held()).isEmpty();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
