package dev.lepton.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.unit.UnitState;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * All units of a service fail at once: what they are asked stays near what the clients ask (P8),
 * instead of becoming as many times as much as a request may have attempts.
 */
@ExtendWith(LeakCheck.class)
class RetryStormIT {

    private static final int REQUESTS = 500;
    private static final double MOST_ATTEMPTS_PER_REQUEST = 1.2;
    private static final int RESERVE_PER_SECOND = 10;
    private static final int WINDOW_SECONDS = 10;

    private static RunningGateway gateway;

    private final List<StubUnit> units = new ArrayList<>();
    private final long beganNanos = System.nanoTime();

    @BeforeAll
    static void start(@TempDir Path home) {
        gateway =
                RunningGateway.start(
                        home,
                        "--lepton.gateway.attempt-timeout=500ms",
                        "--lepton.gateway.deadline=15s",
                        // What bounds the attempts here is the budget, nothing else.
                        "--lepton.gateway.limit.initial=1000",
                        "--lepton.gateway.breaker.failures-in-row=1000000",
                        "--lepton.gateway.breaker.silent-attempts=1000000",
                        "--lepton.gateway.breaker.window=100000",
                        "--lepton.gateway.breaker.minimum=100000");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @AfterEach
    void closeUnits() {
        units.forEach(StubUnit::close);
    }

    private void threeUnits(String service, StubUnit.Behaviour behaviour) {
        for (int i = 1; i <= 3; i++) {
            units.add(StubUnit.start(service + "-" + i, behaviour));
        }
        gateway.up(service, units.toArray(StubUnit[]::new));
    }

    private static List<HttpResponse<String>> gets(String service) {
        return ask(service).stream().map(CompletableFuture::join).toList();
    }

    /** All at once. */
    private static List<CompletableFuture<HttpResponse<String>>> ask(String service) {
        return IntStream.range(0, REQUESTS)
                .mapToObj(i ->
                        gateway.http()
                                .sendAsync(
                                        gateway.request("/" + service + "/x").GET().build(),
                                        HttpResponse.BodyHandlers.ofString()))
                .toList();
    }

    private void attemptsStayWithinTheBudget(String storm) {
        int attempts = units.stream().mapToInt(unit -> unit.requests().size()).sum();
        double seconds = (System.nanoTime() - beganNanos) / 1e9;
        double most =
                MOST_ATTEMPTS_PER_REQUEST * REQUESTS
                        + RESERVE_PER_SECOND * (WINDOW_SECONDS + seconds);
        System.out.printf(
                "%s: %d attempts of %d requests in %.1f s%n", storm, attempts, REQUESTS, seconds);
        assertThat((double) attempts).isBetween(REQUESTS * 1.0, most);
    }

    @Test
    void unitsThatAllBecomeSlowAreNotAskedThreeTimesAsMuch() {
        threeUnits(
                "slow-all",
                (request, reply) -> {
                    LockSupport.parkNanos(Duration.ofSeconds(2).toNanos());
                    reply.send(200, "late");
                });

        List<HttpResponse<String>> answers = gets("slow-all");

        attemptsStayWithinTheBudget("all units slow");
        assertThat(answers).allMatch(answer -> answer.statusCode() == 200);
        assertThat(
                        gateway.bean(MeterRegistry.class)
                                .get("lepton.gateway.retries.refused")
                                .tag("service", "slow-all")
                                .counter()
                                .count())
                .isPositive();
        assertThat(gateway.actuator("/lepton").body())
                .contains("\"retryBudgets\":{")
                .containsPattern("\"slow-all\":\\{\"offered\":\\d+,\"spent\":");
    }

    /** What a dead unit had is not lost for the budget's sake: it has done nothing with it. */
    @Test
    void everyRequestThatAUnitHadWhenItDiedIsSentToTheNext() {
        StubUnit hung = StubUnit.start("died-1", (request, reply) -> reply.hang());
        StubUnit next = StubUnit.good("died-2");
        units.addAll(List.of(hung, next));
        gateway.up("died", hung);
        List<CompletableFuture<HttpResponse<String>>> asked = ask("died");
        await().until(() -> hung.requests().size() == REQUESTS);

        gateway.put(hung.view("died", UnitState.DOWN));
        gateway.up("died", next);

        assertThat(asked).allMatch(answer -> answer.join().statusCode() == 200);
        assertThat(next.requests()).hasSize(REQUESTS);
    }

    @Test
    void unitsThatAllFailAreNotAskedThreeTimesAsMuch() {
        threeUnits("fail-all", (request, reply) -> reply.send(503, "busy"));

        List<HttpResponse<String>> answers = gets("fail-all");

        attemptsStayWithinTheBudget("all units answer 503");
        assertThat(answers).allMatch(answer -> answer.statusCode() == 503);
        assertThat(answers).allMatch(answer -> answer.body().equals("busy"));
    }

    @Test
    void unitsThatAllDeclineAreNotAskedThreeTimesAsMuch() {
        threeUnits(
                "decline-all",
                (request, reply) -> reply.send(503, "", "Lepton-Not-Processed: draining"));

        List<HttpResponse<String>> answers = gets("decline-all");

        attemptsStayWithinTheBudget("all units decline");
        assertThat(answers).allMatch(answer -> answer.statusCode() == 503);
        assertThat(answers)
                .anyMatch(answer ->
                        answer.body()
                                .contains(
                                        "not sent again, because the retry budget of service 'decline-all' is spent"));
    }
}
