package dev.lepton.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.unit.UnitState;
import dev.lepton.client.unit.UnitView;
import dev.lepton.gateway.holding.WaitingRoom;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client sees while the last unit of a service is away and comes back. */
@ExtendWith(LeakCheck.class)
class HoldIT {

    private static final int ROOM = 3;
    private static final Duration HOLD = Duration.ofSeconds(2);
    private static final Duration EXPECT = Duration.ofMillis(1500);
    private static final Duration SOON = Duration.ofSeconds(10);

    private static RunningGateway gateway;

    private final List<StubUnit> stubs = new ArrayList<>();

    @BeforeAll
    static void start(@TempDir Path home) {
        gateway =
                RunningGateway.start(
                        home,
                        "--lepton.gateway.hold.timeout=" + HOLD.toMillis() + "ms",
                        "--lepton.gateway.hold.requests=" + ROOM,
                        "--lepton.gateway.hold.expect-return=" + EXPECT.toMillis() + "ms",
                        "--lepton.gateway.breaker.refused=200ms",
                        "--lepton.gateway.deadline=8s");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @AfterEach
    void closeStubs() {
        stubs.forEach(StubUnit::close);
    }

    private StubUnit keep(StubUnit stub) {
        stubs.add(stub);
        return stub;
    }

    private static void show(UnitView... views) {
        for (UnitView view : views) {
            gateway.put(view);
        }
        gateway.push();
    }

    private static CompletableFuture<HttpResponse<String>> sending(HttpRequest.Builder request) {
        return gateway.http().sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static CompletableFuture<HttpResponse<String>> getting(String path) {
        return sending(gateway.request(path).GET());
    }

    private static HttpRequest.Builder posting(String path, String body) {
        return gateway.request(path).POST(HttpRequest.BodyPublishers.ofString(body));
    }

    private static int held(String service) {
        return gateway.bean(WaitingRoom.class).held().getOrDefault(service, 0);
    }

    private static void awaitHeld(String service, int requests) {
        await().atMost(SOON).until(() -> held(service) == requests);
    }

    private static double metric(String name, String service) {
        return gateway.bean(MeterRegistry.class)
                .get(name)
                .tag("service", service)
                .meter()
                .measure()
                .iterator()
                .next()
                .getValue();
    }

    @ParameterizedTest
    @EnumSource(names = {"STARTING", "RECOVERING", "DOWN"})
    void requestsGoOnAsSoonAsTheTableShowsAUnit(UnitState state) throws Exception {
        String service = "held-" + state.name().toLowerCase(java.util.Locale.ROOT);
        StubUnit unit =
                keep(
                        StubUnit.start(
                                service + "-1",
                                (request, reply) ->
                                        reply.send(200, request.method() + request.text())));
        show(unit.supervised(service, state, 1));
        var got = getting("/" + service + "/x");
        var posted = sending(posting("/" + service + "/x", "b".repeat(100_000)));
        awaitHeld(service, 2);
        assertThat(gateway.actuator("/lepton").body()).contains("\"held\":{\"" + service + "\":2}");
        assertThat(metric("lepton.gateway.held", service)).isEqualTo(2);
        long back = System.nanoTime();

        show(unit.supervised(service, UnitState.UP, 2));

        assertThat(got.get(10, TimeUnit.SECONDS).body()).isEqualTo("GET");
        assertThat(posted.get(10, TimeUnit.SECONDS).body()).isEqualTo("POST" + "b".repeat(100_000));
        System.out.printf(
                "held requests answered %d ms after the push%n",
                (System.nanoTime() - back) / 1_000_000);
        assertThat(held(service)).isZero();
        assertThat(metric("lepton.gateway.held", service)).isZero();
        assertThat(metric("lepton.gateway.holds", service)).isEqualTo(2);
        assertThat(metric("lepton.gateway.holds.expired", service)).isZero();
    }

    @Test
    void holdEndsAfterItsTimeoutWithA503ThatSaysHowLongItWas() throws Exception {
        StubUnit unit = keep(StubUnit.good("expired-1"));
        show(unit.supervised("expired", UnitState.RECOVERING, 1));
        long began = System.nanoTime();

        HttpResponse<String> answer = gateway.get("/expired/x");

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(HOLD);
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).contains("1");
        assertThat(answer.body())
                .contains("\"code\":\"no-unit\"")
                .containsPattern("no routable unit: 1 RECOVERING; held for 2\\d\\d\\d ms");
        assertThat(metric("lepton.gateway.holds.expired", "expired")).isEqualTo(1);
        assertThat(held("expired")).isZero();
    }

    @Test
    void requestBeyondTheRoomIsA503AtOnce() throws Exception {
        StubUnit unit = keep(StubUnit.good("full-1"));
        show(unit.supervised("full", UnitState.RECOVERING, 1));
        List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
        for (int i = 0; i < ROOM; i++) {
            waiting.add(getting("/full/x"));
        }
        awaitHeld("full", ROOM);

        HttpResponse<String> answer = gateway.get("/full/x");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).contains("1");
        assertThat(answer.body()).contains("\"code\":\"hold-full\"", "3 requests wait for one");
        assertThat(metric("lepton.gateway.holds.turned-away", "full")).isEqualTo(1);
        show(unit.supervised("full", UnitState.UP, 2));
        for (var each : waiting) {
            assertThat(each.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"QUARANTINED", "STOPPED"})
    void heldRequestIsAnsweredAtOnceWhenTheUnitWillNotComeBack(UnitState state) throws Exception {
        String service = "given-up-" + state.name().toLowerCase(java.util.Locale.ROOT);
        StubUnit unit = keep(StubUnit.good(service + "-1"));
        show(unit.supervised(service, UnitState.RECOVERING, 1));
        var answer = getting("/" + service + "/x");
        awaitHeld(service, 1);

        show(unit.supervised(service, state, 1));

        assertThat(answer.get(10, TimeUnit.SECONDS).body())
                .contains("\"code\":\"no-unit\"", "1 " + state + "; held for");
        assertThat(metric("lepton.gateway.holds.expired", service)).isZero();
        assertThat(gateway.get("/" + service + "/x").body()).doesNotContain("held");
    }

    /** As after an end that the policy does not answer with a restart. */
    @Test
    void unitThatIsDownAndThatNobodyStartsIsWaitedForNoLongerThanExpected() throws Exception {
        StubUnit unit = keep(StubUnit.good("left-1"));
        show(unit.supervised("left", UnitState.UP, 1));
        show(unit.supervised("left", UnitState.DOWN, 1));
        var answer = getting("/left/x");
        awaitHeld("left", 1);

        assertThat(answer.get(10, TimeUnit.SECONDS).body())
                .contains("\"code\":\"no-unit\"", "1 DOWN; held for");

        assertThat(metric("lepton.gateway.holds.expired", "left")).isZero();
        assertThat(gateway.get("/left/x").body()).contains("1 DOWN").doesNotContain("held");
    }

    @Test
    void requestsWaitWhileTheLastUnitIsRestartedInOrder() throws Exception {
        StubUnit unit = keep(StubUnit.good("restarted-1"));
        show(unit.supervised("restarted", UnitState.UP, 1));
        show(unit.supervised("restarted", UnitState.DRAINING, 1));
        var first = getting("/restarted/x");
        awaitHeld("restarted", 1);
        show(unit.supervised("restarted", UnitState.STOPPED, 1));
        var second = sending(posting("/restarted/x", "work"));
        awaitHeld("restarted", 2);
        show(unit.supervised("restarted", UnitState.STARTING, 2));
        var third = getting("/restarted/x");
        awaitHeld("restarted", 3);

        show(unit.supervised("restarted", UnitState.UP, 2));

        for (var each : List.of(first, second, third)) {
            assertThat(each.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        }
        assertThat(unit.requests()).hasSize(3);
    }

    /** A body that does not fit into the buffers of the connection would hide the end behind it. */
    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void clientThatGoesAwayIsNoLongerHeld(String method) {
        String service = "away-" + method.toLowerCase(java.util.Locale.ROOT);
        StubUnit unit = keep(StubUnit.good(service + "-1"));
        show(unit.supervised(service, UnitState.RECOVERING, 1));
        var answer =
                method.equals("GET")
                        ? getting("/" + service + "/x")
                        : sending(posting("/" + service + "/x", "b".repeat(1000)));
        awaitHeld(service, 1);
        long left = System.nanoTime();

        answer.cancel(true);

        awaitHeld(service, 0);
        assertThat(Duration.ofNanos(System.nanoTime() - left)).isLessThan(HOLD.dividedBy(2));
        assertThat(metric("lepton.gateway.held", service)).isZero();
        assertThat(metric("lepton.gateway.holds.expired", service)).isZero();
        show(unit.supervised(service, UnitState.UP, 2));
        assertThat(gateway.get("/" + service + "/x").statusCode()).isEqualTo(200);
        assertThat(unit.requests()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void requestThatIsRefusedByAProcessThatJustDiedWaitsForTheNextStart(String method)
            throws Exception {
        String service = "refused-" + method.toLowerCase(java.util.Locale.ROOT);
        StubUnit dead = StubUnit.refusing(service + "-1");
        show(dead.supervised(service, UnitState.UP, 1));
        var answer =
                method.equals("GET")
                        ? getting("/" + service + "/x")
                        : sending(posting("/" + service + "/x", "work"));
        awaitHeld(service, 1);
        show(dead.supervised(service, UnitState.DOWN, 1));
        show(dead.supervised(service, UnitState.RECOVERING, 2));
        StubUnit next = keep(StubUnit.good(service + "-1"));

        show(next.supervised(service, UnitState.UP, 2));

        assertThat(answer.get(10, TimeUnit.SECONDS).body()).isEqualTo(service + "-1");
        assertThat(next.requests()).hasSize(1);
    }

    /** As without a registry that could tell: the table shows the dead start all the time. */
    @Test
    void requestThatIsRefusedIsSentAgainWhenTheUnitIsBackAtItsAddress() throws Exception {
        StubUnit dead = StubUnit.refusing("readdressed-1");
        show(dead.supervised("readdressed", UnitState.UP, 1));
        var answer = getting("/readdressed/x");
        awaitHeld("readdressed", 1);
        await().atMost(SOON).until(() -> metric("lepton.gateway.attempts", "readdressed") > 1);

        keep(
                StubUnit.startAt(
                        "readdressed-1", dead.port(), (request, reply) -> reply.send(200, "back")));

        assertThat(answer.get(10, TimeUnit.SECONDS).body()).isEqualTo("back");
        assertThat(metric("lepton.gateway.holds", "readdressed")).isEqualTo(1);
    }

    @Test
    void unitThatIsKilledUnderAGetBreaksItsConnectionAndTheGetWaitsForTheNextStart()
            throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        StubUnit killed =
                keep(
                        StubUnit.start(
                                "killed-1",
                                (request, reply) -> {
                                    arrived.countDown();
                                    reply.hang();
                                }));
        show(killed.supervised("killed", UnitState.UP, 1));
        var answer = getting("/killed/x");
        assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();

        killed.close();
        awaitHeld("killed", 1);
        show(killed.supervised("killed", UnitState.DOWN, 1));
        StubUnit next = keep(StubUnit.good("killed-1"));
        show(next.supervised("killed", UnitState.UP, 2));

        assertThat(answer.get(10, TimeUnit.SECONDS).body()).isEqualTo("killed-1");
    }

    @Test
    void unitThatBreaksEveryConnectionIsAskedOnceMoreAndNotWaitedFor() {
        StubUnit bad = keep(StubUnit.start("breaks-1", (request, reply) -> reply.reset()));
        show(bad.supervised("breaks", UnitState.UP, 1));

        HttpResponse<String> answer = gateway.get("/breaks/x");

        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body()).contains("\"code\":\"attempts-spent\"");
        assertThat(bad.requests()).hasSize(2);
    }
}
