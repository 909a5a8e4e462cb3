package dev.lepton.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.unit.UnitState;
import dev.lepton.gateway.breaker.BreakerState;
import dev.lepton.gateway.breaker.UnitBreaker;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client sees while units fail in every way a test can think of. */
@ExtendWith(LeakCheck.class)
class FailoverIT {

    private static final Duration ATTEMPT_TIMEOUT = Duration.ofMillis(600);
    private static final Duration CONNECT_TIMEOUT = Duration.ofMillis(500);

    private static RunningGateway gateway;

    private final List<StubUnit> stubs = new ArrayList<>();

    @BeforeAll
    static void start(@TempDir Path home) {
        gateway =
                RunningGateway.start(
                        home,
                        "--lepton.gateway.attempt-timeout=" + ATTEMPT_TIMEOUT.toMillis() + "ms",
                        "--lepton.gateway.deadline=4s",
                        "--lepton.gateway.breaker.refused=3s",
                        "--lepton.gateway.services.turns.balancer=round-robin");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @AfterEach
    void closeStubs() {
        stubs.forEach(StubUnit::close);
    }

    private StubUnit good(String id) {
        return keep(StubUnit.good(id));
    }

    private StubUnit unit(String id, StubUnit.Behaviour behaviour) {
        return keep(StubUnit.start(id, behaviour));
    }

    private StubUnit refusing(String id) {
        return keep(StubUnit.refusing(id));
    }

    private StubUnit keep(StubUnit stub) {
        stubs.add(stub);
        return stub;
    }

    /** Makes the gateway ask this unit first: the other ones have just been asked. */
    private void askFirst(String service, StubUnit first, StubUnit... others) {
        gateway.up(service, others);
        for (int i = 0; i < others.length; i++) {
            assertThat(gateway.get("/" + service + "/warm-up").statusCode()).isEqualTo(200);
        }
        for (StubUnit other : others) {
            other.requests().clear();
        }
        gateway.up(service, first);
    }

    @Test
    void getGoesElsewhereWhenTheConnectionIsRefused() {
        askFirst("refused-get", refusing("rg-bad"), good("rg-good"));

        HttpResponse<String> answer = gateway.get("/refused-get/x");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Lepton-Unit")).contains("rg-good");
        assertThat(answer.headers().firstValue("Lepton-Attempts")).contains("2");
    }

    /** A POST, which nothing but a connection that was given up may send to another unit. */
    @Test
    void unitThatAcceptsNoConnectionIsGivenUpAfterTheConnectTimeout() throws Exception {
        try (FullBacklog full = FullBacklog.fill()) {
            gateway.up("full-backlog", good("fb-good"));
            assertThat(gateway.get("/full-backlog/warm-up").statusCode()).isEqualTo(200);
            gateway.put(StubUnit.view("fb-full", "full-backlog", full.port(), UnitState.UP, 1));
            gateway.push();
            long began = System.nanoTime();

            HttpResponse<String> answer = gateway.post("/full-backlog/x", "work");

            Duration took = Duration.ofNanos(System.nanoTime() - began);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Lepton-Unit")).contains("fb-good");
            assertThat(answer.headers().firstValue("Lepton-Attempts")).contains("2");
            System.out.printf(
                    "unit without room for a connection given up after %d ms with a connect timeout of %d ms%n",
                    took.toMillis(), CONNECT_TIMEOUT.toMillis());
            assertThat(took).isLessThan(CONNECT_TIMEOUT.multipliedBy(3));
        }
    }

    @Test
    void postThatWasNeverSentGoesElsewhereWithItsWholeBody() {
        StubUnit good = unit("rp-good", (request, reply) -> reply.send(200, request.text()));
        askFirst("refused-post", refusing("rp-bad"), good);
        String body = "b".repeat(300_000);

        HttpResponse<String> answer = gateway.post("/refused-post/x", body);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(body);
        assertThat(answer.headers().firstValue("Lepton-Attempts")).contains("2");
    }

    @Test
    void refusedUnitIsLeftAloneAtOnceAndTriedAgainAfterAWhile() {
        StubUnit bad = refusing("re-bad");
        StubUnit good = good("re-good");
        askFirst("refused-once", bad, good);
        gateway.get("/refused-once/x");

        assertThat(gateway.tracked(bad).breaker().state()).isEqualTo(BreakerState.OPEN);
        assertThat(gateway.get("/refused-once/x").headers().firstValue("Lepton-Attempts"))
                .isEmpty();

        StubUnit back =
                keep(
                        StubUnit.startAt(
                                "re-bad", bad.port(), (request, reply) -> reply.send(200, "back")));
        await().atMost(Duration.ofSeconds(10))
                .until(() -> gateway.get("/refused-once/x").body().equals("back"));
        assertThat(back.requests()).isNotEmpty();
        // Its client may have the answer a little before it is told.
        await().until(() -> gateway.tracked(bad).breaker().state() == BreakerState.CLOSED);
    }

    @Test
    void getGoesElsewhereAfterAResetBeforeTheResponse() {
        StubUnit bad = unit("rb-bad", (request, reply) -> reply.reset());
        StubUnit good = good("rb-good");
        askFirst("reset-get", bad, good);

        HttpResponse<String> answer = gateway.get("/reset-get/x");

        assertThat(answer.body()).isEqualTo("rb-good");
        assertThat(bad.requests()).hasSize(1);
        assertThat(good.requests()).hasSize(1);
    }

    @Test
    void postThatWasSentIsNeverSentAgain() {
        StubUnit bad = unit("rs-bad", (request, reply) -> reply.reset());
        StubUnit good = good("rs-good");
        askFirst("reset-post", bad, good);

        HttpResponse<String> answer = gateway.post("/reset-post/x", "money");

        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.headers().firstValue("Content-Type"))
                .contains("application/problem+json");
        assertThat(answer.body()).contains("\"code\":\"sent-and-failed\"");
        assertThat(good.requests()).isEmpty();
    }

    @Test
    void postThatHangsIsNeverSentAgainAndEndsByTheDeadline() {
        StubUnit bad = unit("hp-bad", (request, reply) -> reply.hang());
        StubUnit good = good("hp-good");
        askFirst("hang-post", bad, good);

        HttpResponse<String> answer = gateway.post("/hang-post/x", "money");

        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(answer.body()).contains("\"code\":\"deadline\"");
        assertThat(good.requests()).isEmpty();
        assertThat(bad.requests()).hasSize(1);
    }

    @Test
    void getThatHangsSucceedsElsewhereAndTheHungUnitIsLeftAlone() {
        StubUnit bad = unit("hg-bad", (request, reply) -> reply.hang());
        askFirst("hang-get", bad, good("hg-good"));

        HttpResponse<String> answer = gateway.get("/hang-get/x");

        assertThat(answer.body()).isEqualTo("hg-good");
        assertThat(answer.headers().firstValue("Lepton-Attempts")).contains("2");
        assertThat(gateway.tracked(bad).breaker().state()).isEqualTo(BreakerState.OPEN);
        assertThat(gateway.tracked(bad).inFlight()).isZero();
    }

    @Test
    void hungUnitUnderLoadIsLeftAloneWithinAFewAttempts() throws Exception {
        StubUnit bad = good("hl-1");
        gateway.up("turns", bad, good("hl-2"), good("hl-3"));
        for (int i = 0; i < 30; i++) {
            gateway.get("/turns/warm-up");
        }
        bad.requests().clear();
        bad.becomes((request, reply) -> reply.hang());

        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        long began = System.nanoTime();
        while (gateway.tracked(bad).breaker().closed()) {
            answers.add(
                    gateway.http()
                            .sendAsync(
                                    gateway.request("/turns/x").GET().build(),
                                    HttpResponse.BodyHandlers.ofString()));
            LockSupport.parkNanos(16_600_000);
            assertThat(System.nanoTime() - began).isLessThan(Duration.ofSeconds(8).toNanos());
        }
        long openedAfter = System.nanoTime() - began;

        assertThat(answers)
                .allSatisfy(
                        a -> assertThat(a.get(5, TimeUnit.SECONDS).statusCode()).isEqualTo(200));
        System.out.printf(
                "hung unit left alone after %d ms with an attempt timeout of %d ms%n",
                openedAfter / 1_000_000, ATTEMPT_TIMEOUT.toMillis());
        // Twice the timeout where nothing else runs; three times that on a busy machine.
        assertThat(Duration.ofNanos(openedAfter)).isLessThan(ATTEMPT_TIMEOUT.multipliedBy(6));
    }

    @Test
    void slowGetSucceedsBecauseTheFirstAttemptGoesOn() {
        StubUnit.Behaviour slow =
                (request, reply) -> {
                    awaitQuietly(Duration.ofMillis(2000));
                    reply.send(200, "slow");
                };
        StubUnit one = unit("sl-1", slow);
        StubUnit other = unit("sl-2", slow);
        gateway.up("slow", one, other);

        // As many as would open the breaker of a unit that only is silent.
        for (int i = 0; i < 3; i++) {
            HttpResponse<String> answer = gateway.get("/slow/x");

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("slow");
            boolean byOne = answer.headers().firstValue("Lepton-Unit").orElseThrow().equals("sl-1");
            UnitBreaker breaker = gateway.tracked(byOne ? one : other).breaker();
            await().until(() -> breaker.state() == BreakerState.CLOSED);
        }
    }

    private static void awaitQuietly(Duration duration) {
        try {
            assertThat(new CountDownLatch(1).await(duration.toMillis(), TimeUnit.MILLISECONDS))
                    .isFalse();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void requestThatTheUnitDidNotProcessGoesElsewhere(String method) {
        String service = "draining-" + method.toLowerCase(java.util.Locale.ROOT);
        StubUnit draining =
                unit(
                        service + "-bad",
                        (request, reply) -> {
                            reply.send(
                                    503, "", "Lepton-Not-Processed: draining", "Connection: close");
                            reply.close();
                        });
        StubUnit good =
                unit(service + "-good", (request, reply) -> reply.send(200, request.text()));
        askFirst(service, draining, good);

        HttpResponse<String> answer = send(method, "/" + service + "/x", "work");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(draining.requests()).hasSize(1);
        assertThat(good.requests()).hasSize(1);
        assertThat(answer.headers().firstValue("Lepton-Attempts")).contains("2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void requestAtTheAddressOfAnotherUnitGoesElsewhere(String method) {
        String service = "misdirected-" + method.toLowerCase(java.util.Locale.ROOT);
        StubUnit other =
                unit(
                        service + "-bad",
                        (request, reply) ->
                                reply.send(421, "", "Lepton-Not-Processed: misdirected"));
        askFirst(service, other, good(service + "-good"));

        HttpResponse<String> answer = send(method, "/" + service + "/x", "work");

        assertThat(answer.body()).isEqualTo(service + "-good");
        assertThat(other.requests().getFirst().header("Lepton-Unit"))
                .containsExactly(service + "-bad");
    }

    private static HttpResponse<String> send(String method, String path, String body) {
        return method.equals("GET") ? gateway.get(path) : gateway.post(path, body);
    }

    @Test
    void everyUnitDrainingIsA503WithRetryAfter() {
        gateway.up(
                "all-draining",
                unit(
                        "ad-1",
                        (request, reply) -> reply.send(503, "", "Lepton-Not-Processed: draining")));

        HttpResponse<String> answer = gateway.get("/all-draining/x");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).contains("1");
        assertThat(answer.body()).contains("\"code\":\"no-unit\"");
    }

    @Test
    void smallBodyOfAPutIsSentAgainInFull() {
        StubUnit bad = unit("ps-bad", (request, reply) -> reply.reset());
        StubUnit good = unit("ps-good", (request, reply) -> reply.send(200, request.text()));
        askFirst("put-small", bad, good);
        String body = "p".repeat(64 * 1024);

        HttpResponse<String> answer =
                gateway.send(
                        gateway.request("/put-small/x")
                                .PUT(HttpRequest.BodyPublishers.ofString(body)));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(body);
        assertThat(bad.requests()).hasSize(1);
    }

    @Test
    void largeBodyOfAPutIsNotSentAgain() {
        StubUnit bad = unit("pl-bad", (request, reply) -> reply.reset());
        StubUnit good = good("pl-good");
        askFirst("put-large", bad, good);

        HttpResponse<String> answer =
                gateway.send(
                        gateway.request("/put-large/x")
                                .PUT(
                                        HttpRequest.BodyPublishers.ofString(
                                                "p".repeat(64 * 1024 + 1))));

        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(good.requests()).isEmpty();
    }

    @Test
    void postKeepsWaitingForAUnitThatIsDeclaredDown() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        CountDownLatch declared = new CountDownLatch(1);
        StubUnit bad =
                unit(
                        "dp-bad",
                        (request, reply) -> {
                            waiting.countDown();
                            awaitLatch(declared);
                            reply.send(200, "done after all");
                        });
        StubUnit good = good("dp-good");
        askFirst("down-post", bad, good);
        CompletableFuture<HttpResponse<String>> answer =
                gateway.http()
                        .sendAsync(
                                gateway.request("/down-post/x")
                                        .POST(HttpRequest.BodyPublishers.ofString("work"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());
        assertThat(waiting.await(2, TimeUnit.SECONDS)).isTrue();
        gateway.state("down-post", bad, UnitState.DOWN);
        declared.countDown();

        assertThat(answer.get(5, TimeUnit.SECONDS).body()).isEqualTo("done after all");
        assertThat(good.requests()).isEmpty();
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(5, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void theLastUnitIsAskedWhateverTheEvidence() {
        StubUnit only = unit("la-1", (request, reply) -> reply.send(503, "no"));
        gateway.up("last", only);
        for (int i = 0; i < 10; i++) {
            assertThat(gateway.get("/last/x").statusCode()).isEqualTo(503);
        }
        assertThat(gateway.tracked(only).breaker().state()).isEqualTo(BreakerState.OPEN);
        only.becomes((request, reply) -> reply.send(200, "yes"));

        assertThat(gateway.get("/last/x").body()).isEqualTo("yes");
    }

    @Test
    void clientThatGoesAwayLeavesNothingInFlight() {
        StubUnit hung = unit("ca-1", (request, reply) -> reply.hang());
        gateway.up("cancelled", hung);
        CompletableFuture<HttpResponse<String>> answer =
                gateway.http()
                        .sendAsync(
                                gateway.request("/cancelled/x")
                                        .POST(HttpRequest.BodyPublishers.ofString("work"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());
        await().until(() -> gateway.tracked(hung).inFlight() == 1 && hung.requests().size() == 1);

        answer.cancel(true);

        await().atMost(Duration.ofSeconds(2)).until(() -> gateway.tracked(hung).inFlight() == 0);
        await().atMost(Duration.ofSeconds(2)).until(() -> hung.openConnections() == 0);
    }

    @Test
    void deadlineOfAGetThatHangsEverywhereIsA504() {
        gateway.up(
                "hang-all",
                unit("ha-1", (request, reply) -> reply.hang()),
                unit("ha-2", (request, reply) -> reply.hang()));

        HttpResponse<String> answer = gateway.get("/hang-all/x");

        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(answer.headers().firstValue("Content-Type"))
                .contains("application/problem+json");
        assertThat(answer.body()).contains("\"code\":\"deadline\"");
        assertThat(answer.headers().firstValue("Lepton-Attempts")).contains("2");
    }

    @Test
    void shortAnswerToAGetThatBreaksOffIsGivenByAnotherUnit() {
        StubUnit bad =
                unit(
                        "bs-bad",
                        (request, reply) -> {
                            reply.raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
                            reply.reset();
                        });
        askFirst("broken-short", bad, good("bs-good"));

        HttpResponse<String> answer = gateway.get("/broken-short/x");

        assertThat(answer.body()).isEqualTo("bs-good");
        assertThat(answer.headers().firstValue("Lepton-Unit")).contains("bs-good");
        assertThat(answer.headers().firstValue("Lepton-Attempts")).contains("2");
        assertThat(bad.requests()).hasSize(1);
    }

    /** As of a unit that is frozen in the middle of it. */
    @Test
    void shortAnswerToAGetWhoseEndDoesNotComeIsGivenByAnotherUnit() {
        StubUnit bad = halfAnswering("hs-bad");
        askFirst("half-short", bad, good("hs-good"));

        HttpResponse<String> answer = gateway.get("/half-short/x");

        assertThat(answer.body()).isEqualTo("hs-good");
        assertThat(bad.requests()).hasSize(1);
        await().until(() -> bad.openConnections() == 0);
        assertThat(gateway.tracked(bad).inFlight()).isZero();
    }

    @Test
    void shortAnswerWhoseEndDoesNotComeByTheDeadlineIsA504() {
        StubUnit unit = halfAnswering("ends-late");
        gateway.up("ends-late", unit);

        HttpResponse<String> answer = gateway.get("/ends-late/x");

        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(answer.body()).contains("\"code\":\"deadline\"");
        await().until(() -> unit.openConnections() == 0);
    }

    private StubUnit halfAnswering(String id) {
        return unit(
                id,
                (request, reply) -> {
                    reply.raw("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
                    reply.hang();
                });
    }

    @Test
    void noUnitReachableIsA503WithRetryAfter() {
        gateway.up("unreachable", refusing("ur-1"), refusing("ur-2"));

        HttpResponse<String> answer = gateway.get("/unreachable/x");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).contains("1");
        assertThat(answer.body()).contains("\"code\":\"no-unit\"");
    }

    @Test
    void serviceWithoutARoutableUnitIsA503ThatSaysWhy() {
        gateway.state("no-routable", good("nr-1"), UnitState.DOWN);

        HttpResponse<String> answer = gateway.get("/no-routable/x");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).contains("1");
        assertThat(answer.body()).contains("has no routable unit: 1 DOWN");
    }

    @Test
    void unknownServiceIsA404() {
        gateway.up("some", good("so-1"));

        HttpResponse<String> answer = gateway.get("/nobody/x");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).contains("\"code\":\"unknown-service\"", "'nobody'");
    }

    @Test
    void namesThatNoServiceHasAreCountedUnderOne() {
        gateway.up("counted", good("co-1"));
        double before = unknown();

        gateway.get("/no-such-1/x");
        gateway.get("/no-such-2/x");

        assertThat(unknown()).isEqualTo(before + 2);
        assertThat(gateway.bean(MeterRegistry.class).getMeters())
                .noneMatch(m -> String.valueOf(m.getId().getTag("service")).startsWith("no-such"));
    }

    private static double unknown() {
        Counter counter =
                gateway.bean(MeterRegistry.class)
                        .find("lepton.gateway.requests")
                        .tags("service", "(unknown)", "outcome", "no-unit")
                        .counter();
        return counter == null ? 0 : counter.count();
    }

    @Test
    void unitThatFailsFastDoesNotAttractTheRequests() {
        StubUnit failing = unit("ff-bad", (request, reply) -> reply.send(500, "bug"));
        StubUnit good =
                unit(
                        "ff-good",
                        (request, reply) -> {
                            awaitQuietly(Duration.ofMillis(20));
                            reply.send(200, "done");
                        });
        gateway.up("fails-fast", failing, good);

        for (int i = 0; i < 40; i++) {
            gateway.get("/fails-fast/x");
        }

        assertThat(failing.requests().size()).isLessThan(10);
    }
}
