package dev.lepton.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.gateway.breaker.BreakerState;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests that take longer than nearly all others are sent to a second unit. Nothing else would
 * help them here: an attempt may take as long as the request.
 */
@ExtendWith(LeakCheck.class)
class HedgingIT {

    private static final int KNOWN = 200;
    private static final double MOST_HEDGES_PER_REQUEST = 0.05;

    private static RunningGateway gateway;

    private final List<StubUnit> units = new ArrayList<>();
    private final CountDownLatch goOn = new CountDownLatch(1);

    @BeforeAll
    static void start(@TempDir Path home) {
        gateway =
                RunningGateway.start(
                        home,
                        "--lepton.gateway.attempt-timeout=60s",
                        "--lepton.gateway.deadline=60s",
                        // The share of hedges is what is tested, not the reserve that others have.
                        "--lepton.gateway.retry-budget.ratio=1",
                        "--lepton.gateway.breaker.refused=60s",
                        "--lepton.gateway.breaker.window=100000",
                        "--lepton.gateway.breaker.minimum=100000");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @AfterEach
    void closeUnits() {
        goOn.countDown();
        units.forEach(StubUnit::close);
    }

    private StubUnit unit(String id, StubUnit.Behaviour behaviour) {
        StubUnit unit = StubUnit.start(id, behaviour);
        units.add(unit);
        return unit;
    }

    /** A unit that is asked often enough to know how long its service takes. */
    private StubUnit known(String service, String id) {
        StubUnit unit = unit(id, (request, reply) -> reply.send(200, id));
        gateway.up(service, unit);
        for (int i = 0; i < KNOWN; i++) {
            assertThat(gateway.get("/" + service + "/x").statusCode()).isEqualTo(200);
        }
        unit.requests().clear();
        return unit;
    }

    private StubUnit slow(String id) {
        return unit(id, waiting(id));
    }

    private StubUnit.Behaviour waiting(String id) {
        return (request, reply) -> {
            try {
                goOn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            reply.send(200, id);
        };
    }

    private static double hedges(String service) {
        return gateway.bean(MeterRegistry.class)
                .get("lepton.gateway.hedges")
                .tag("service", service)
                .counter()
                .count();
    }

    private static CompletableFuture<HttpResponse<String>> ask(HttpRequest.Builder request) {
        return gateway.http().sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void getThatTakesLongerThanMostIsAnsweredByASecondUnit() {
        known("tail", "tail-1");
        StubUnit slow = slow("tail-2");
        gateway.up("tail", slow);

        HttpResponse<String> answer = gateway.get("/tail/x");

        assertThat(answer.body()).isEqualTo("tail-1");
        assertThat(answer.headers().firstValue("Lepton-Attempts")).contains("2");
        assertThat(hedges("tail")).isEqualTo(1);
        assertThat(gateway.actuator("/lepton").body())
                .contains("\"tail\":{\"offered\":" + (KNOWN + 1) + ",\"spent\":1,\"hedges\":1,");
        // It was slow, which is no failure; and has nothing of the request any more.
        assertThat(gateway.tracked(slow).breaker().state()).isEqualTo(BreakerState.CLOSED);
        assertThat(gateway.tracked(slow).inFlight()).isZero();
        await().until(() -> slow.openConnections() <= 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE"})
    void requestThatAsksForSomethingToBeDoneIsSentOnce(String method) {
        String service = "write-" + method.toLowerCase(Locale.ROOT);
        StubUnit known = known(service, service + "-1");
        StubUnit slow = slow(service + "-2");
        gateway.up(service, slow);
        CompletableFuture<HttpResponse<String>> write =
                ask(
                        gateway.request("/" + service + "/write")
                                .method(method, HttpRequest.BodyPublishers.noBody()));
        await().until(() -> slow.requests().size() == 1);

        known.becomes(waiting(known.id()));
        ask(gateway.request("/" + service + "/read").GET());

        // That came later: so what was sent before it would have been hedged by now.
        await().until(() -> hedges(service) == 1);
        assertThat(known.requests()).extracting(StubUnit.Request::method).containsExactly("GET");
        goOn.countDown();
        assertThat(write.join().body()).isEqualTo(service + "-2");
        assertThat(slow.requests())
                .extracting(StubUnit.Request::method)
                .containsExactly(method, "GET");
    }

    @Test
    void loneUnitIsNotAskedTwice() {
        StubUnit only = known("lone", "lone-1");
        only.becomes((request, reply) -> {
            LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
            reply.send(200, "late");
        });

        assertThat(gateway.get("/lone/x").body()).isEqualTo("late");
        assertThat(only.requests()).hasSize(1);
        assertThat(hedges("lone")).isZero();
        assertThat(gateway.actuator("/lepton").body())
                .contains("\"lone\":{\"offered\":" + (KNOWN + 1) + ",\"spent\":0,\"hedges\":0,");
    }

    @Test
    void unitThatIsLeftAloneIsNoSecondUnit() {
        known("alone", "alone-1");
        StubUnit refusing = StubUnit.refusing("alone-2");
        gateway.up("alone", refusing);
        assertThat(gateway.get("/alone/x").body()).isEqualTo("alone-1");
        StubUnit slow = units.getFirst();
        slow.becomes((request, reply) -> {
            LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
            reply.send(200, "late");
        });

        assertThat(gateway.get("/alone/x").body()).isEqualTo("late");
        assertThat(hedges("alone")).isZero();
    }

    /** A whole service that has become slow is not helped by asking it for more. */
    @Test
    void hedgesAreASmallShareOfTheRequestsWhateverBecomesSlow() {
        for (int i = 1; i <= 3; i++) {
            known("slow-all", "slow-all-" + i);
        }
        units.forEach(unit -> unit.requests().clear());
        units.forEach(unit ->
                unit.becomes((request, reply) -> {
                    LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
                    reply.send(200, "late");
                }));
        int requests = 300;

        List<CompletableFuture<HttpResponse<String>>> asked =
                IntStream.range(0, requests)
                        .mapToObj(i -> ask(gateway.request("/slow-all/x").GET()))
                        .toList();

        assertThat(asked).allMatch(answer -> answer.join().statusCode() == 200);
        int attempts = units.stream().mapToInt(unit -> unit.requests().size()).sum();
        double most = MOST_HEDGES_PER_REQUEST * (requests + 3 * KNOWN);
        System.out.printf(
                "all units slow: %d attempts of %d requests, %.0f of them hedges%n",
                attempts, requests, hedges("slow-all"));
        assertThat(attempts).isLessThanOrEqualTo((int) (requests + most));
        assertThat(hedges("slow-all")).isPositive().isLessThanOrEqualTo(most);
    }
}
