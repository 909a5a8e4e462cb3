package dev.lepton.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.gateway.service.Experiences;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A service that is asked for more than it can do. */
@ExtendWith(LeakCheck.class)
class OverloadIT {

    private static final int LIMIT = 20;
    private static final int OF_NORMAL_PRIORITY = 18;
    private static final int OF_LOW_PRIORITY = 10;

    private static RunningGateway gateway;

    private final List<StubUnit> stubs = new ArrayList<>();
    private final CountDownLatch goOn = new CountDownLatch(1);

    @BeforeAll
    static void start(@TempDir Path home) {
        gateway =
                RunningGateway.start(
                        home,
                        "--lepton.gateway.limit.initial=" + LIMIT,
                        "--lepton.gateway.attempt-timeout=20s",
                        "--lepton.gateway.services.batch.priority=low",
                        "--spring.cloud.gateway.server.webflux.routes[0].id=urgent",
                        "--spring.cloud.gateway.server.webflux.routes[0].uri=unit://mixed",
                        "--spring.cloud.gateway.server.webflux.routes[0].predicates[0]=Path=/urgent/**",
                        "--spring.cloud.gateway.server.webflux.routes[0].metadata.priority=high");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @AfterEach
    void closeStubs() {
        goOn.countDown();
        stubs.forEach(StubUnit::close);
    }

    private StubUnit waiting(String service) {
        StubUnit unit =
                StubUnit.start(
                        service + "-1",
                        (request, reply) -> {
                            try {
                                goOn.await();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                            reply.send(200, "done");
                        });
        stubs.add(unit);
        gateway.up(service, unit);
        return unit;
    }

    private static List<CompletableFuture<HttpResponse<String>>> ask(String path, int times) {
        return IntStream.range(0, times)
                .mapToObj(i ->
                        gateway.http()
                                .sendAsync(
                                        gateway.request(path).GET().build(),
                                        HttpResponse.BodyHandlers.ofString()))
                .toList();
    }

    @Test
    void whatIsMoreThanMayWaitIsRefusedAtOnceAndTheRestIsServed() {
        StubUnit unit = waiting("full");
        var let = ask("/full/x", OF_NORMAL_PRIORITY);
        await().until(() -> unit.requests().size() == OF_NORMAL_PRIORITY);

        HttpResponse<String> refused = gateway.get("/full/x");

        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).contains("1");
        assertThat(refused.body())
                .contains("\"code\":\"overloaded\"")
                .contains(
                        "service 'full' is overloaded: 18 requests wait for its 1 units, of 20 that may");
        assertThat(gateway.actuator("/lepton").body())
                .contains("\"full\":{\"waiting\":18,\"limit\":20}");
        assertThat(
                        gateway.bean(MeterRegistry.class)
                                .get("lepton.gateway.requests")
                                .tag("service", "full")
                                .tag("outcome", "overloaded")
                                .counter()
                                .count())
                .isEqualTo(1);
        // What is refused adds nothing to what others may be sent again.
        assertThat(gateway.bean(Experiences.class).with("full").budget().offered())
                .isLessThanOrEqualTo(OF_NORMAL_PRIORITY);
        goOn.countDown();
        assertThat(let).allMatch(answer -> answer.join().statusCode() == 200);
        assertThat(gateway.get("/full/x").statusCode()).isEqualTo(200);
        assertThat(gateway.actuator("/lepton").body()).contains("\"full\":{\"waiting\":0,");
    }

    @Test
    void serviceOfLowPriorityHasHalfOfTheLimit() {
        StubUnit unit = waiting("batch");
        ask("/batch/x", OF_LOW_PRIORITY);
        await().until(() -> unit.requests().size() == OF_LOW_PRIORITY);

        assertThat(gateway.get("/batch/x").body()).contains("\"code\":\"overloaded\"");
    }

    @Test
    void routeOfHighPriorityIsServedWhenOthersAreRefused() {
        StubUnit unit = waiting("mixed");
        ask("/mixed/x", OF_NORMAL_PRIORITY);
        await().until(() -> unit.requests().size() == OF_NORMAL_PRIORITY);
        assertThat(gateway.get("/mixed/x").statusCode()).isEqualTo(503);

        var urgent = ask("/urgent/x", 2);

        await().until(() -> unit.requests().size() == LIMIT);
        assertThat(gateway.get("/urgent/x").statusCode()).isEqualTo(503);
        goOn.countDown();
        assertThat(urgent).allMatch(answer -> answer.join().statusCode() == 200);
    }

    /** It has its answer; that there is more to come takes nothing from anybody. */
    @Test
    void responseThatStreamsDoesNotCount() {
        StubUnit unit =
                StubUnit.start(
                        "streams-1",
                        (request, reply) -> {
                            reply.raw(
                                    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na\n\n\r\n");
                            reply.hang();
                        });
        stubs.add(unit);
        gateway.up("streams", unit);

        var streams =
                IntStream.range(0, 2 * LIMIT)
                        .mapToObj(i -> {
                            var answer =
                                    gateway.http()
                                            .sendAsync(
                                                    gateway.request("/streams/x").GET().build(),
                                                    HttpResponse.BodyHandlers.ofInputStream());
                            // One after the other, so that none waits for its head with others.
                            return answer.join();
                        })
                        .toList();

        assertThat(streams).allMatch(answer -> answer.statusCode() == 200);
    }

    @Test
    void requestThatTheClientGivesUpWaitsNoLonger() {
        StubUnit unit = waiting("given-up");
        var asked = ask("/given-up/x", OF_NORMAL_PRIORITY);
        await().until(() -> unit.requests().size() == OF_NORMAL_PRIORITY);

        asked.forEach(answer -> answer.cancel(true));

        await().until(() ->
                gateway.actuator("/lepton").body().contains("\"given-up\":{\"waiting\":0,"));
    }
}
