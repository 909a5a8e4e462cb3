package dev.lepton.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.unit.UnitState;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A unit leaves the table, at a gateway whose attempts time out too late to be of help. */
@ExtendWith(LeakCheck.class)
class UnitGoneIT {

    @Test
    void getGoesElsewhereAtOnceWhenItsUnitIsDeclaredDown(@TempDir Path home) throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        try (StubUnit good = StubUnit.good("dn-good");
                StubUnit bad =
                        StubUnit.start(
                                "dn-bad",
                                (request, reply) -> {
                                    waiting.countDown();
                                    reply.hang();
                                });
                RunningGateway gateway =
                        RunningGateway.start(
                                home,
                                "--lepton.gateway.attempt-timeout=1m",
                                "--lepton.gateway.deadline=1m")) {
            // The other one has just been asked, so that this one is asked first.
            gateway.up("down", good);
            gateway.get("/down/warm-up");
            gateway.up("down", bad);
            CompletableFuture<HttpResponse<String>> answer =
                    gateway.http()
                            .sendAsync(
                                    gateway.request("/down/x").GET().build(),
                                    HttpResponse.BodyHandlers.ofString());
            assertThat(waiting.await(5, TimeUnit.SECONDS)).isTrue();

            gateway.state("down", bad, UnitState.DOWN);

            HttpResponse<String> got = answer.get(20, TimeUnit.SECONDS);
            assertThat(got.body()).isEqualTo("dn-good");
            assertThat(got.headers().firstValue("Lepton-Attempts")).contains("2");
        }
    }
}
