package dev.lepton.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.unit.UnitState;
import dev.lepton.client.unit.UnitView;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Which unit answers, as the settings of a service say. */
@ExtendWith(LeakCheck.class)
class BalancingIT {

    private static RunningGateway gateway;

    private final List<StubUnit> units = new ArrayList<>();

    @BeforeAll
    static void start(@TempDir Path home) {
        gateway =
                RunningGateway.start(
                        home,
                        // A second attempt besides a slow one goes to another unit.
                        "--lepton.gateway.hedge.ratio=0",
                        "--lepton.gateway.zone=a",
                        "--lepton.gateway.services.in-turn.balancer=round-robin",
                        "--lepton.gateway.services.header.balancer=consistent-hash",
                        "--lepton.gateway.services.header.hash-key=header:X-User",
                        "--lepton.gateway.services.cookie.balancer=consistent-hash",
                        "--lepton.gateway.services.cookie.hash-key=cookie:SESSION",
                        "--lepton.gateway.services.query.balancer=consistent-hash",
                        "--lepton.gateway.services.query.hash-key=query:user",
                        "--lepton.gateway.services.canary.versions.v1=75",
                        "--lepton.gateway.services.canary.versions.v2=25",
                        "--lepton.gateway.services.pinned.versions.v1=100",
                        "--lepton.gateway.services.pinned.version-header=X-Version",
                        "--lepton.gateway.services.absent.version-header=X-Version",
                        "--lepton.gateway.services.socket.version-header=X-Version",
                        "--lepton.gateway.services.sticky.versions.v1=50",
                        "--lepton.gateway.services.sticky.versions.v2=50",
                        "--lepton.gateway.services.sticky.hash-key=header:X-User",
                        "--lepton.gateway.services.shown.balancer=random",
                        "--lepton.gateway.services.shown.versions.v1=100");
        // What comes with the first table is not new, and all that follows is.
        gateway.push();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @AfterEach
    void close() {
        units.forEach(StubUnit::close);
    }

    private StubUnit unit(String id) {
        StubUnit unit = StubUnit.good(id);
        units.add(unit);
        return unit;
    }

    private static UnitView up(
            StubUnit unit, String service, @Nullable String version, @Nullable String zone) {
        return StubUnit.saying(unit.view(service, UnitState.UP), version, 100, zone);
    }

    private static void show(UnitView... views) {
        for (UnitView view : views) {
            gateway.put(view);
        }
        gateway.push();
    }

    private HttpRequest.Builder from(String user, String service) {
        HttpRequest.Builder request = gateway.request("/" + service + "/x?user=" + user);
        return request.header("X-User", user).header("Cookie", "a=b; SESSION=" + user);
    }

    /** Who answers, once nothing of the request is in flight any more. */
    private String answerTo(HttpRequest.Builder request) {
        String answer = gateway.send(request).body();
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> units.stream().allMatch(u -> gateway.tracked(u).inFlight() == 0));
        return answer;
    }

    private static Map<String, Integer> answers(int requests, String service) {
        Map<String, Integer> answers = new TreeMap<>();
        for (int i = 0; i < requests; i++) {
            answers.merge(gateway.get("/" + service + "/x").body(), 1, Integer::sum);
        }
        return answers;
    }

    private static HttpResponse<String> pinnedTo(String version, String service) {
        return gateway.send(gateway.request("/" + service + "/x").header("X-Version", version));
    }

    @Test
    void serviceHasTheBalancerThatIsSetForIt() {
        StubUnit failing = unit("in-turn-2");
        // Any balancer that looks at how units do would leave it out.
        failing.becomes((request, reply) -> reply.send(500, failing.id()));
        show(
                up(unit("in-turn-1"), "in-turn", null, null),
                up(failing, "in-turn", null, null),
                up(unit("in-turn-3"), "in-turn", null, null));

        List<String> answers =
                IntStream.range(0, 6).mapToObj(i -> gateway.get("/in-turn/x").body()).toList();

        assertThat(answers)
                .containsExactly(
                        "in-turn-1",
                        "in-turn-2",
                        "in-turn-3",
                        "in-turn-1",
                        "in-turn-2",
                        "in-turn-3");
    }

    @ParameterizedTest
    @CsvSource({"header", "cookie", "query"})
    void keyOfARequestDecidesWhichUnitItGoesTo(String service) {
        show(
                up(unit(service + "-1"), service, null, "a"),
                up(unit(service + "-2"), service, null, "a"),
                up(unit(service + "-3"), service, null, "b"));
        Set<String> used = new HashSet<>();

        for (int user = 0; user < 20; user++) {
            String first = answerTo(from("user-" + user, service));
            used.add(first);
            for (int i = 0; i < 3; i++) {
                assertThat(answerTo(from("user-" + user, service))).isEqualTo(first);
            }
        }

        assertThat(used).hasSize(3);
    }

    @Test
    void versionsGetTheirPercentageOfTheRequests() {
        show(
                up(unit("canary-1"), "canary", "v1", null),
                up(unit("canary-2"), "canary", "v2", null),
                up(unit("canary-3"), "canary", "v3", null));

        Map<String, Integer> answers = answers(400, "canary");

        assertThat(answers).containsOnlyKeys("canary-1", "canary-2");
        assertThat(answers.get("canary-2")).isCloseTo(100, within(50));
    }

    @Test
    void whoeverHasAKeyStaysWithItsVersion() {
        show(
                up(unit("sticky-1"), "sticky", "v1", null),
                up(unit("sticky-2"), "sticky", "v2", null));
        Set<String> used = new HashSet<>();

        for (int user = 0; user < 20; user++) {
            String first = answerTo(from("user-" + user, "sticky"));
            used.add(first);
            for (int i = 0; i < 3; i++) {
                assertThat(answerTo(from("user-" + user, "sticky"))).isEqualTo(first);
            }
        }

        assertThat(used).hasSize(2);
    }

    @Test
    void headerPinsARequestToAVersion() {
        StubUnit second = unit("pinned-2");
        show(
                up(unit("pinned-1"), "pinned", "v1", null),
                up(second, "pinned", "v2", null),
                up(unit("pinned-3"), "pinned", "v2", null));
        Set<String> answers = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            answers.add(pinnedTo("v2", "pinned").body());
            assertThat(pinnedTo("v1", "pinned").body()).isEqualTo("pinned-1");
        }
        assertThat(answers).containsExactlyInAnyOrder("pinned-2", "pinned-3");

        show(StubUnit.saying(second.view("pinned", UnitState.DOWN), "v2", 100, null));

        assertThat(pinnedTo("v2", "pinned").body()).isEqualTo("pinned-3");
        units.getLast().close();
        assertThat(pinnedTo("v2", "pinned").statusCode())
                .as("only a unit that is gone")
                .isEqualTo(503);
        assertThat(answers(3, "pinned")).containsOnlyKeys("pinned-1");
    }

    @Test
    void requestThatIsPinnedToAVersionThatIsNotThereIsToldSo() {
        StubUnit second = unit("absent-2");
        show(
                up(unit("absent-1"), "absent", "v1", null),
                StubUnit.saying(second.view("absent", UnitState.DOWN), "v2", 100, null));

        HttpResponse<String> down = pinnedTo("v2", "absent");
        HttpResponse<String> unknown = pinnedTo("v9", "absent");

        assertThat(down.statusCode()).isEqualTo(503);
        assertThat(down.body())
                .contains(
                        "\"code\":\"no-unit\"",
                        "service 'absent' has no routable unit of version 'v2': ");
        assertThat(unknown.statusCode()).isEqualTo(503);
        assertThat(unknown.body())
                .contains("service 'absent' has no routable unit of version 'v9'\"");
    }

    @Test
    void headerPinsAWebSocketToo() {
        StubUnit second = unit("socket-2");
        show(up(unit("socket-1"), "socket", "v1", null), up(second, "socket", "v2", null));

        assertThatThrownBy(() -> openSocket("v9").join())
                .cause()
                .isInstanceOfSatisfying(
                        WebSocketHandshakeException.class,
                        refused -> assertThat(refused.getResponse().statusCode()).isEqualTo(503));

        // The stub does not speak the protocol; that it is asked is enough.
        openSocket("v2");
        await().until(() -> !second.requests().isEmpty());
        assertThat(units.getLast().requests()).isEmpty();
    }

    private static CompletableFuture<WebSocket> openSocket(String version) {
        return gateway.http()
                .newWebSocketBuilder()
                .header("X-Version", version)
                .buildAsync(
                        URI.create("ws://127.0.0.1:" + gateway.port() + "/socket/ws"),
                        new WebSocket.Listener() {});
    }

    @Test
    void unitsOfTheZoneComeBeforeOthersAsLongAsTheyAreThere() {
        StubUnit here = unit("zoned-here");
        show(up(here, "zoned", null, "a"), up(unit("zoned-there"), "zoned", null, "b"));

        assertThat(answers(20, "zoned")).containsOnlyKeys("zoned-here");

        show(here.view("zoned", UnitState.DOWN));

        assertThat(answers(20, "zoned")).containsOnlyKeys("zoned-there");
    }

    @Test
    void requestThatTheUnitOfTheZoneDoesNotTakeGoesToAnother() {
        StubUnit here = unit("torn-here");
        show(up(here, "torn", null, "a"), up(unit("torn-there"), "torn", null, "b"));
        here.close();

        assertThat(answers(3, "torn")).containsOnlyKeys("torn-there");
    }

    @Test
    void whatTheZoneHasTooFewUnitsForGoesElsewhere() {
        show(
                up(unit("uneven-here"), "uneven", null, "a"),
                up(unit("uneven-1"), "uneven", null, "b"),
                up(unit("uneven-2"), "uneven", null, "b"),
                up(unit("uneven-3"), "uneven", null, "b"));

        assertThat(answers(200, "uneven").get("uneven-here")).isCloseTo(100, within(35));
    }

    @Test
    void statusTellsHowRequestsAreSpread() {
        UnitView heavy =
                StubUnit.saying(unit("shown-1").view("shown", UnitState.UP), "v1", 200, "a");
        show(heavy, up(unit("shown-2"), "shown", "v2", null));

        JsonNode status = JsonMapper.shared().readTree(gateway.actuator("/lepton").body());

        assertThat(status.at("/balancing/shown").toString())
                .isEqualTo("{\"balancer\":\"RANDOM\",\"versions\":{\"v1\":100}}");
        JsonNode first = status.at("/services/shown/0");
        assertThat(first.at("/version").asString()).isEqualTo("v1");
        assertThat(first.at("/zone").asString()).isEqualTo("a");
        assertThat(first.at("/weight").asInt()).isEqualTo(200);
        assertThat(first.at("/share").asDouble()).as("in its slow start").isBetween(0.1, 0.99);
        assertThat(first.at("/routable").asBoolean()).isTrue();
        JsonNode second = status.at("/services/shown/1");
        assertThat(second.at("/zone").isNull()).isTrue();
        assertThat(second.at("/routable").asBoolean()).as("only when it is pinned").isFalse();
    }
}
