package dev.lepton.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.unit.UnitState;
import dev.lepton.gateway.holding.WaitingRoom;
import dev.lepton.gateway.routing.TrackedUnit;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A unit that accepts requests and never answers leaves the table, at a gateway whose attempts time
 * out too late to be of help.
 */
@ExtendWith(LeakCheck.class)
class UnitGoneIT {

    private static final Duration RESENT_WITHIN = Duration.ofMillis(200);
    private static final Duration SOON = Duration.ofSeconds(10);

    private static RunningGateway gateway;

    private final List<StubUnit> stubs = new ArrayList<>();
    private final CountDownLatch end = new CountDownLatch(1);

    @BeforeAll
    static void start(@TempDir Path home) {
        gateway =
                RunningGateway.start(
                        home,
                        "--lepton.gateway.attempt-timeout=1m",
                        "--lepton.gateway.deadline=1m");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @AfterEach
    void closeStubs() {
        end.countDown();
        stubs.forEach(StubUnit::close);
    }

    private StubUnit keep(StubUnit stub) {
        stubs.add(stub);
        return stub;
    }

    private StubUnit hung(String id) {
        return keep(StubUnit.start(id, (request, reply) -> reply.hang()));
    }

    /** A unit that answers when the test says so. */
    private StubUnit late(String id) {
        return keep(
                StubUnit.start(
                        id,
                        (request, reply) -> {
                            awaitQuietly(end);
                            reply.send(200, "late");
                        }));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static HttpRequest.Builder get(String service) {
        return gateway.request("/" + service + "/x").GET();
    }

    private static HttpRequest.Builder method(String name, String service) {
        return gateway.request("/" + service + "/x")
                .method(name, HttpRequest.BodyPublishers.ofString("work"));
    }

    /** Requests that wait at a unit; the other units of the service come into the table later. */
    private static List<CompletableFuture<HttpResponse<String>>> waiting(
            StubUnit unit, List<HttpRequest.Builder> requests) {
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (HttpRequest.Builder request : requests) {
            answers.add(
                    gateway.http()
                            .sendAsync(request.build(), HttpResponse.BodyHandlers.ofString()));
        }
        await().atMost(SOON).until(() -> unit.requests().size() == requests.size());
        return answers;
    }

    private static String body(CompletableFuture<HttpResponse<String>> answer) throws Exception {
        return answer.get(10, TimeUnit.SECONDS).body();
    }

    @Test
    void requestsThatAreSafeGoElsewhereWithTheirBodiesWhenTheirUnitIsDeclaredDown()
            throws Exception {
        StubUnit bad = hung("dn-bad");
        StubUnit good = keep(StubUnit.start("dn-good", (q, a) -> a.send(200, q.text())));
        gateway.up("down", bad);
        List<CompletableFuture<HttpResponse<String>>> puts =
                waiting(bad, Collections.nCopies(50, method("PUT", "down")));
        gateway.up("down", good);

        gateway.state("down", bad, UnitState.DOWN);

        for (var put : puts) {
            assertThat(body(put)).isEqualTo("work");
            assertThat(put.get().headers().firstValue("Lepton-Attempts")).contains("2");
        }
        assertThat(good.requests()).hasSize(50);
        await().atMost(SOON).until(() -> bad.openConnections() == 0);
    }

    /** The median of a few, because the first ones load classes and the machine has other work. */
    @Test
    void getIsResentWithinTwoHundredMillisecondsOfThePush() throws Exception {
        StubUnit good = keep(StubUnit.good("one-good"));
        List<Duration> took = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            StubUnit bad = hung("one-bad-" + i);
            gateway.state("one", good, UnitState.DOWN);
            gateway.up("one", bad);
            var answer = waiting(bad, List.of(get("one"))).getFirst();
            gateway.up("one", good);
            long pushed = System.nanoTime();

            gateway.state("one", bad, UnitState.DOWN);

            assertThat(body(answer)).isEqualTo("one-good");
            took.add(Duration.ofNanos(System.nanoTime() - pushed));
        }
        took.sort(null);
        System.out.printf("GETs answered by another unit after the push: %s%n", took);
        assertThat(took.get(took.size() / 2)).isLessThan(RESENT_WITHIN);
    }

    @Test
    void requestGoesToTheNextStartOfItsUnitWhenThatSupersedesIt() throws Exception {
        StubUnit first = hung("next-1");
        StubUnit second = keep(StubUnit.start("next-1", (q, a) -> a.send(200, "second start")));
        gateway.up("next", first);
        var answer = waiting(first, List.of(get("next"))).getFirst();

        gateway.put(second.view("next", UnitState.UP, 2));
        gateway.push();

        assertThat(body(answer)).isEqualTo("second start");
    }

    @ParameterizedTest
    @EnumSource(names = {"DRAINING", "STOPPED"})
    void unitThatEndsInOrderFinishesWhatItHas(UnitState state) throws Exception {
        String service = "ends-" + state.name().toLowerCase(java.util.Locale.ROOT);
        StubUnit ending = late(service + "-1");
        StubUnit other = keep(StubUnit.good(service + "-2"));
        gateway.up(service, ending);
        var answer = waiting(ending, List.of(get(service))).getFirst();
        gateway.up(service, other);

        gateway.state(service, ending, state);
        assertThat(gateway.get("/" + service + "/x").body()).isEqualTo(service + "-2");
        end.countDown();

        assertThat(body(answer)).isEqualTo("late");
        assertThat(other.requests()).hasSize(1);
    }

    @Test
    void postStaysWhereItWasSent() throws Exception {
        StubUnit late = late("post-1");
        StubUnit other = keep(StubUnit.good("post-2"));
        gateway.up("post", late);
        var answer = waiting(late, List.of(method("POST", "post"))).getFirst();
        gateway.up("post", other);

        gateway.state("post", late, UnitState.DOWN);
        end.countDown();

        assertThat(body(answer)).isEqualTo("late");
        assertThat(other.requests()).isEmpty();
    }

    private static int held(String service) {
        return gateway.bean(WaitingRoom.class).held().getOrDefault(service, 0);
    }

    @Test
    void getOfTheOnlyUnitIsHeldUntilItsNextStartAndTheFirstIsGivenUpThen() throws Exception {
        StubUnit first = hung("only-1");
        gateway.put(first.supervised("only", UnitState.UP, 1));
        gateway.push();
        TrackedUnit tracked = gateway.tracked(first);
        var answer = waiting(first, List.of(get("only"))).getFirst();

        gateway.put(first.supervised("only", UnitState.DOWN, 1));
        gateway.push();
        await().atMost(SOON).until(() -> held("only") == 1);
        gateway.put(first.supervised("only", UnitState.RECOVERING, 2));
        gateway.push();
        assertThat(gateway.bean(WaitingRoom.class).held()).containsEntry("only", 1);
        StubUnit second = keep(StubUnit.start("only-1", (q, a) -> a.send(200, "second start")));
        gateway.put(second.supervised("only", UnitState.UP, 2));
        gateway.push();

        assertThat(body(answer)).isEqualTo("second start");
        await().atMost(SOON).until(() -> first.openConnections() == 0);
        assertThat(tracked.inFlight()).isZero();
        assertThat(gateway.bean(WaitingRoom.class).held()).doesNotContainKey("only");
    }

    /** It may have been slow or cut off from the registry alone. */
    @Test
    void unitThatWasDeclaredDownMayStillAnswerWhatIsHeld() throws Exception {
        StubUnit late = late("slow-1");
        gateway.put(late.supervised("slow", UnitState.UP, 1));
        gateway.push();
        var answer = waiting(late, List.of(get("slow"))).getFirst();
        gateway.put(late.supervised("slow", UnitState.DOWN, 1));
        gateway.push();
        await().atMost(SOON).until(() -> held("slow") == 1);

        end.countDown();

        assertThat(body(answer)).isEqualTo("late");
        assertThat(gateway.bean(WaitingRoom.class).held()).doesNotContainKey("slow");
    }

    @Test
    void killOfTheUnitThatWasDeclaredDownLeavesTheRequestHeld() throws Exception {
        StubUnit first = hung("dumped-1");
        gateway.put(first.supervised("dumped", UnitState.UP, 1));
        gateway.push();
        var answer = waiting(first, List.of(get("dumped"))).getFirst();
        gateway.put(first.supervised("dumped", UnitState.DOWN, 1));
        gateway.push();
        first.close();
        await().atMost(SOON).until(() -> first.openConnections() == 0);
        StubUnit second = keep(StubUnit.start("dumped-1", (q, a) -> a.send(200, "second start")));

        gateway.put(second.supervised("dumped", UnitState.UP, 2));
        gateway.push();

        assertThat(body(answer)).isEqualTo("second start");
    }
}
