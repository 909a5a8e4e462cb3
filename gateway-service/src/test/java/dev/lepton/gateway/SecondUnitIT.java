package dev.lepton.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes to a second unit by what the first one answers, and by what the request says. */
@ExtendWith(LeakCheck.class)
class SecondUnitIT {

    private static final long DEADLINE_MILLIS = 10_000;

    private static RunningGateway gateway;

    private final List<StubUnit> stubs = new ArrayList<>();

    @BeforeAll
    static void start(@TempDir Path home) {
        gateway =
                RunningGateway.start(
                        home,
                        "--lepton.gateway.attempt-timeout=600ms",
                        "--lepton.gateway.deadline=" + DEADLINE_MILLIS + "ms",
                        "--lepton.gateway.services.orders.idempotency-key=true",
                        "--lepton.gateway.services.brief.deadline=300ms",
                        "--spring.cloud.gateway.server.webflux.routes[0].id=pay",
                        "--spring.cloud.gateway.server.webflux.routes[0].uri=unit://payments",
                        "--spring.cloud.gateway.server.webflux.routes[0].predicates[0]=Path=/pay/**",
                        "--spring.cloud.gateway.server.webflux.routes[0].metadata.idempotency-key=true",
                        "--spring.cloud.gateway.server.webflux.routes[0].metadata.response-timeout=400");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @AfterEach
    void closeStubs() {
        stubs.forEach(StubUnit::close);
    }

    private StubUnit unit(String id, StubUnit.Behaviour behaviour) {
        StubUnit stub = StubUnit.start(id, behaviour);
        stubs.add(stub);
        return stub;
    }

    private StubUnit good(String id) {
        return unit(id, (request, reply) -> reply.send(200, id));
    }

    /** Makes the gateway ask this unit first: the other one has just been asked. */
    private void askFirst(String service, StubUnit first, StubUnit other) {
        gateway.up(service, other);
        gateway.get("/" + service + "/warm-up");
        other.requests().clear();
        gateway.up(service, first);
    }

    @ParameterizedTest
    @ValueSource(ints = {502, 503, 504})
    void troubleOfOneUnitIsNotTheClients(int status) {
        String service = "trouble-" + status;
        StubUnit busy = unit(service + "-1", (request, reply) -> reply.send(status, "busy"));
        StubUnit good = good(service + "-2");
        askFirst(service, busy, good);

        HttpResponse<String> answer = gateway.get("/" + service + "/x");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(good.id());
        assertThat(answer.headers().firstValue("Lepton-Attempts")).contains("2");
        assertThat(gateway.tracked(busy).inFlight()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"GET, 500", "GET, 501", "GET, 404", "POST, 503", "PUT, 503", "DELETE, 503"})
    void otherAnswersAreTheUnitsOwn(String method, int status) {
        String service = "own-" + method.toLowerCase(Locale.ROOT) + "-" + status;
        StubUnit busy = unit(service + "-1", (request, reply) -> reply.send(status, "mine"));
        StubUnit good = good(service + "-2");
        askFirst(service, busy, good);

        HttpResponse<String> answer =
                gateway.send(
                        gateway.request("/" + service + "/x")
                                .method(method, HttpRequest.BodyPublishers.noBody()));

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).isEqualTo("mine");
        assertThat(good.requests()).isEmpty();
    }

    @Test
    void headGoesToASecondUnitToo() {
        StubUnit busy = unit("head-1", (request, reply) -> reply.send(503, ""));
        StubUnit good = unit("head-2", (request, reply) -> reply.send(200, ""));
        askFirst("head", busy, good);

        HttpResponse<String> answer =
                gateway.send(
                        gateway.request("/head/x")
                                .method("HEAD", HttpRequest.BodyPublishers.noBody()));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(busy.requests()).hasSize(1);
    }

    @Test
    void whenAllUnitsHaveTroubleTheClientGetsTheAnswerOfOne() {
        askFirst(
                "all-busy",
                unit("all-busy-1", (request, reply) -> reply.send(503, "busy one")),
                unit("all-busy-2", (request, reply) -> reply.send(503, "busy two")));

        HttpResponse<String> answer = gateway.get("/all-busy/x");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).startsWith("busy ");
        assertThat(answer.headers().firstValue("Lepton-Unit").orElseThrow())
                .startsWith("all-busy-");
    }

    @Test
    void loneUnitIsAskedOnce() {
        StubUnit only = unit("lone-1", (request, reply) -> reply.send(503, "busy"));
        gateway.up("lone", only);

        assertThat(gateway.get("/lone/x").body()).isEqualTo("busy");
        assertThat(only.requests()).hasSize(1);
    }

    /** It has waited at its unit meanwhile, all of it. */
    @Test
    void answerOfTroubleIsGivenWholeWhenNoUnitHasABetterOne() {
        String large = "x".repeat(1 << 20);
        StubUnit hung = unit("kept-2", (request, reply) -> reply.send(200, "warm"));
        askFirst(
                "kept",
                unit("kept-1", (request, reply) -> reply.send(503, large, "X-Mine: yes")),
                hung);
        hung.becomes((request, reply) -> reply.hang());

        HttpResponse<String> answer = gateway.get("/kept/x");

        assertThat(hung.requests()).hasSize(1);
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).isEqualTo(large);
        assertThat(answer.headers().firstValue("X-Mine")).contains("yes");
        assertThat(answer.headers().firstValue("Lepton-Unit")).contains("kept-1");
        assertThat(answer.headers().firstValue("Lepton-Attempts")).contains("2");
    }

    @Test
    void answerOfTroubleIsGivenWhenTheSecondUnitBreaksTheConnection() {
        StubUnit breaks = unit("breaks-2", (request, reply) -> reply.send(200, "warm"));
        askFirst("breaks", unit("breaks-1", (request, reply) -> reply.send(503, "busy")), breaks);
        breaks.becomes((request, reply) -> reply.reset());

        HttpResponse<String> answer = gateway.get("/breaks/x");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).isEqualTo("busy");
    }

    private static HttpResponse<String> keyed(String path) {
        return gateway.send(
                gateway.request(path)
                        .header("Idempotency-Key", "k-1")
                        .POST(HttpRequest.BodyPublishers.ofString("money")));
    }

    @ParameterizedTest
    @CsvSource({"orders, /orders/x", "payments, /pay/x"})
    void postWithAKeyIsSentAgainWhereTheKeyIsTaken(String service, String path) {
        StubUnit bad = unit(service + "-1", (request, reply) -> reply.reset());
        StubUnit good = good(service + "-2");
        askFirst(service, bad, good);

        HttpResponse<String> answer = keyed(path);

        assertThat(answer.body()).isEqualTo(good.id());
        assertThat(good.requests().getFirst().text()).isEqualTo("money");
        assertThat(good.requests().getFirst().header("Idempotency-Key")).containsExactly("k-1");
        assertThat(bad.requests().getFirst().header("Idempotency-Key")).containsExactly("k-1");
    }

    @Test
    void postWithAKeyThatNobodyAskedForIsNeverSentAgain() {
        StubUnit bad = unit("plain-1", (request, reply) -> reply.reset());
        StubUnit good = good("plain-2");
        askFirst("plain", bad, good);

        HttpResponse<String> answer = keyed("/plain/x");

        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body()).contains("sent-and-failed");
        assertThat(good.requests()).isEmpty();
    }

    @Test
    void unitIsToldHowMuchOfTheDeadlineIsLeft() {
        StubUnit bad = unit("told-1", (request, reply) -> reply.hang());
        StubUnit good = good("told-2");
        askFirst("told", bad, good);

        assertThat(gateway.get("/told/x").statusCode()).isEqualTo(200);

        assertThat(millisLeft(bad)).isBetween(1L, DEADLINE_MILLIS);
        // The second attempt began when the first had taken 600 ms of it.
        assertThat(millisLeft(good)).isBetween(1L, millisLeft(bad) - 500);
    }

    private static long millisLeft(StubUnit unit) {
        List<String> told = unit.requests().getFirst().header("Lepton-Deadline");
        assertThat(told).hasSize(1);
        return Long.parseLong(told.getFirst());
    }

    @Test
    void clientWithLessTimeIsAnsweredWhenItIsOver() {
        StubUnit hung = unit("less-1", (request, reply) -> reply.hang());
        gateway.up("less", hung);

        HttpResponse<String> answer =
                gateway.send(gateway.request("/less/x").header("Lepton-Deadline", "250").GET());

        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(answer.body()).contains("no response began within PT0.25S");
        assertThat(millisLeft(hung)).isBetween(1L, 250L);
    }

    @Test
    void clientsDeadlineThatIsNoneIsRefused() {
        StubUnit unit = good("none-1");
        gateway.up("none", unit);

        HttpResponse<String> answer =
                gateway.send(gateway.request("/none/x").header("Lepton-Deadline", "soon").GET());

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"code\":\"bad-deadline\"");
        assertThat(unit.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"brief, /brief/x, PT0.3S", "payments, /pay/x, PT0.4S"})
    void serviceAndRouteHaveDeadlinesOfTheirOwn(String service, String path, String deadline) {
        gateway.up(service, unit(service + "-9", (request, reply) -> reply.hang()));

        HttpResponse<String> answer = gateway.post(path, "x");

        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(answer.body()).contains("no response began within " + deadline);
    }
}
