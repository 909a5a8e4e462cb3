package dev.lepton.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.unit.UnitState;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that are kept and given again. Each test asks for paths of its own. */
@ExtendWith(LeakCheck.class)
class CacheIT {

    private static final String FRESH = "Cache-Control: max-age=3600";

    private static RunningGateway gateway;

    private static int unitsStarted;

    private final Map<StubUnit, String> stubs = new LinkedHashMap<>();

    @BeforeAll
    static void start(@TempDir Path home) {
        gateway =
                RunningGateway.start(
                        home,
                        "--spring.profiles.active=cache",
                        "--lepton.gateway.attempt-timeout=20s",
                        "--lepton.gateway.breaker.minimum=20");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @AfterEach
    void closeStubs() {
        stubs.forEach((unit, service) -> {
            gateway.state(service, unit, UnitState.STOPPED);
            unit.close();
        });
    }

    /** A unit whose answers can be told from each other, and that is alone. */
    private StubUnit unit(String service, String... headers) {
        AtomicInteger answers = new AtomicInteger();
        return unit(
                service,
                (request, reply) ->
                        reply.send(200, "answer " + answers.incrementAndGet(), headers));
    }

    private StubUnit unit(String service, StubUnit.Behaviour behaviour) {
        unitsStarted++;
        StubUnit unit = StubUnit.start(service + "-" + unitsStarted, behaviour);
        stubs.put(unit, service);
        gateway.up(service, unit);
        return unit;
    }

    private static HttpResponse<String> get(String path, String... headers) {
        HttpRequest.Builder request = gateway.request(path).GET();
        if (headers.length > 0) {
            request.headers(headers);
        }
        return gateway.send(request);
    }

    private static HttpResponse<String> send(String method, String path) {
        return gateway.send(
                gateway.request(path).method(method, HttpRequest.BodyPublishers.noBody()));
    }

    private static String header(HttpResponse<?> response, String name) {
        return String.join(", ", response.headers().allValues(name));
    }

    private static boolean isHit(HttpResponse<?> response) {
        return header(response, "Cache-Status").startsWith("lepton; hit");
    }

    /** The first answer is kept a moment after its last byte has reached the client. */
    private static HttpResponse<String> hit(String path, String... headers) {
        return await().until(() -> get(path, headers), CacheIT::isHit);
    }

    private static double counted(String service, String outcome) {
        return gateway.bean(MeterRegistry.class)
                .get("lepton.gateway.cache")
                .tag("service", service)
                .tag("outcome", outcome)
                .counter()
                .count();
    }

    @Test
    void freshAnswerIsGivenAgainWithoutAskingTheService() {
        StubUnit unit =
                unit(
                        "docs",
                        FRESH,
                        "ETag: \"1\"",
                        "Content-Type: text/plain",
                        "Age: 100",
                        "Date: Thu, 01 Jan 2026 00:00:00 GMT",
                        "X-Of-The-Unit: yes");

        HttpResponse<String> first = get("/docs/fresh");
        HttpResponse<String> again = hit("/docs/fresh");

        assertThat(header(first, "Cache-Status")).isEqualTo("lepton; fwd=uri-miss");
        assertThat(header(first, "Lepton-Unit")).isEqualTo(unit.id());
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(header(again, "X-Of-The-Unit")).isEqualTo("yes");
        assertThat(header(again, "Content-Type")).isEqualTo("text/plain");
        assertThat(header(again, "Content-Length")).isEqualTo("8");
        assertThat(header(again, "Date")).isEqualTo("Thu, 01 Jan 2026 00:00:00 GMT");
        assertThat(Integer.parseInt(header(again, "Age"))).isBetween(100, 160);
        assertThat(header(again, "Cache-Status"))
                .matches("lepton; hit; ttl=34\\d\\d|lepton; hit; ttl=3500");
        assertThat(header(again, "Lepton-Unit")).isEmpty();
        int asked = unit.requests().size();
        assertThat(get("/docs/fresh").body()).isEqualTo(again.body());
        assertThat(unit.requests()).hasSize(asked);
        assertThat(get("/docs/fresh?a=b").body()).isNotEqualTo(first.body());
    }

    @Test
    void headIsAnsweredByWhatIsKeptOfAGet() {
        StubUnit unit = unit("docs", FRESH);
        get("/docs/head");
        hit("/docs/head");
        int asked = unit.requests().size();

        HttpResponse<String> head = send("HEAD", "/docs/head");

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(header(head, "Content-Length")).isEqualTo("8");
        assertThat(head.body()).isEmpty();
        assertThat(unit.requests()).hasSize(asked);
    }

    @Test
    void clientThatHasTheAnswerIsToldSo() {
        unit("docs", FRESH, "ETag: \"1\"", "Content-Type: text/plain");
        get("/docs/has");
        hit("/docs/has");

        HttpResponse<String> has = get("/docs/has", "If-None-Match", "\"0\", W/\"1\"");

        assertThat(has.statusCode()).isEqualTo(304);
        assertThat(has.body()).isEmpty();
        assertThat(header(has, "ETag")).isEqualTo("\"1\"");
        assertThat(header(has, "Cache-Control")).isEqualTo("max-age=3600");
        assertThat(header(has, "Content-Type")).isEmpty();
        assertThat(get("/docs/has", "If-None-Match", "\"0\"").statusCode()).isEqualTo(200);
    }

    @Test
    void answerIsForTheRequestsThatItSaysItIsFor() {
        unit(
                "docs",
                (request, reply) ->
                        reply.send(
                                200,
                                String.join(",", request.header("accept-language")),
                                FRESH,
                                "Vary: Accept-Language"));
        get("/docs/varies", "Accept-Language", "de");
        assertThat(hit("/docs/varies", "Accept-Language", "de").body()).isEqualTo("de");

        HttpResponse<String> other = get("/docs/varies", "Accept-Language", "en");

        assertThat(other.body()).isEqualTo("en");
        assertThat(header(other, "Cache-Status")).isEqualTo("lepton; fwd=vary-miss");
        assertThat(hit("/docs/varies", "Accept-Language", "en").body()).isEqualTo("en");
        assertThat(hit("/docs/varies", "Accept-Language", "de").body()).isEqualTo("de");
    }

    @Test
    void nobodyGetsWhatWasMadeForAnotherHost() {
        unit(
                "docs",
                (request, reply) ->
                        reply.send(
                                200, String.join(",", request.header("x-forwarded-host")), FRESH));
        String head = "GET /docs/host HTTP/1.1\r\nConnection: close\r\nHost: ";

        assertThat(RawClient.exchange(gateway.port(), head + "one.example\r\n\r\n"))
                .endsWith("one.example");
        assertThat(RawClient.exchange(gateway.port(), head + "other.example\r\n\r\n"))
                .endsWith("other.example");
    }

    @Test
    void requestForAVersionGetsNoAnswerOfAnother() {
        unit(
                "versioned",
                (request, reply) ->
                        reply.send(200, String.join(",", request.header("x-version")), FRESH));
        get("/versioned/x");
        hit("/versioned/x");

        HttpResponse<String> pinned = get("/versioned/x", "X-Version", "2");

        assertThat(isHit(pinned)).isFalse();
    }

    @Test
    void staleAnswerIsGivenWhenTheUnitSaysThatItHolds() {
        StubUnit unit =
                unit(
                        "docs",
                        (request, reply) -> {
                            if (request.header("if-none-match").contains("\"1\"")) {
                                reply.raw(
                                        "HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\nX-New: yes\r\n"
                                                + "Cache-Control: max-age=3600\r\n\r\n");
                            } else {
                                reply.send(200, "body", "Cache-Control: max-age=0", "ETag: \"1\"");
                            }
                        });
        get("/docs/renewed");

        HttpResponse<String> renewed =
                await().until(
                                () -> get("/docs/renewed"),
                                answer -> header(answer, "Cache-Status").contains("304"));

        assertThat(renewed.statusCode()).isEqualTo(200);
        assertThat(renewed.body()).isEqualTo("body");
        assertThat(header(renewed, "Cache-Status")).isEqualTo("lepton; fwd=stale; fwd-status=304");
        assertThat(header(renewed, "X-New")).isEqualTo("yes");
        assertThat(header(renewed, "Cache-Control")).isEqualTo("max-age=3600");
        assertThat(counted("docs", "revalidated")).isPositive();
        int asked = unit.requests().size();
        assertThat(isHit(get("/docs/renewed"))).isTrue();
        assertThat(unit.requests()).hasSize(asked);
        // The unit's connection was free again.
        assertThat(unit.connections()).isEqualTo(1);
    }

    @Test
    void clientThatHasAnOlderAnswerIsGivenTheOneThatHolds() {
        unit(
                "docs",
                (request, reply) -> {
                    if (request.header("if-none-match").contains("\"2\"")) {
                        reply.raw("HTTP/1.1 304 Not Modified\r\nETag: \"2\"\r\n\r\n");
                    } else {
                        reply.send(200, "two", "Cache-Control: max-age=0", "ETag: \"2\"");
                    }
                });
        get("/docs/older");
        await().until(() -> header(get("/docs/older"), "Cache-Status").contains("304"));

        HttpResponse<String> older = get("/docs/older", "If-None-Match", "\"1\"");
        HttpResponse<String> same = get("/docs/older", "If-None-Match", "\"2\"");

        assertThat(older.statusCode()).isEqualTo(200);
        assertThat(older.body()).isEqualTo("two");
        assertThat(same.statusCode()).isEqualTo(304);
    }

    @Test
    void clientCanWantTheServiceToBeAsked() {
        StubUnit unit = unit("docs", FRESH);
        get("/docs/asked");
        HttpResponse<String> kept = hit("/docs/asked");
        int asked = unit.requests().size();

        HttpResponse<String> anew = get("/docs/asked", "Cache-Control", "no-cache");

        assertThat(anew.body()).isNotEqualTo(kept.body());
        assertThat(header(anew, "Cache-Status")).isEqualTo("lepton; fwd=request");
        assertThat(unit.requests()).hasSize(asked + 1);
        await().until(() -> get("/docs/asked").body().equals(anew.body()));
    }

    @Test
    void clientCanWantOnlyWhatIsKept() {
        StubUnit unit = unit("docs", FRESH);

        HttpResponse<String> none = get("/docs/only", "Cache-Control", "only-if-cached");

        assertThat(none.statusCode()).isEqualTo(504);
        assertThat(none.body()).contains("\"code\":\"only-if-cached\"");
        assertThat(unit.requests()).isEmpty();
        get("/docs/only");
        hit("/docs/only");
        assertThat(get("/docs/only", "Cache-Control", "only-if-cached").statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Range: bytes=0-1", "Cache-Control: no-store", "If-Match: \"1\""})
    void requestsThatNoCacheCanAnswerPass(String header) {
        StubUnit unit = unit("docs", FRESH);
        String path = "/docs/passes-" + header.length();
        get(path);
        hit(path);
        int asked = unit.requests().size();
        double passed = counted("docs", "passed");
        int colon = header.indexOf(':');

        get(path, header.substring(0, colon), header.substring(colon + 2));

        assertThat(unit.requests()).hasSize(asked + 1);
        assertThat(counted("docs", "passed")).isEqualTo(passed + 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Cache-Control: private, max-age=3600",
                "Cache-Control: no-store",
                "Cache-Control: max-age=3600\r\nSet-Cookie: a=b",
                "Cache-Control: max-age=3600\r\nVary: *",
                "X-Says: nothing",
            })
    void answersThatMayNotBeKeptAreAskedForEachTime(String headers) {
        StubUnit unit = unit("docs", headers);
        String path = "/docs/not-kept-" + headers.length();

        for (int each = 1; each <= 3; each++) {
            assertThat(get(path).body()).isEqualTo("answer " + each);
        }

        assertThat(unit.requests()).hasSize(3);
    }

    @Test
    void whoSaysWhoTheyAreGetsNoAnswerThatWasForOthers() {
        StubUnit unit = unit("docs", FRESH);
        get("/docs/authorized");
        hit("/docs/authorized");
        int asked = unit.requests().size();

        get("/docs/authorized", "Authorization", "Basic YTpi");
        get("/docs/authorized", "Authorization", "Basic YTpi");

        assertThat(unit.requests()).hasSize(asked + 2);
    }

    @Test
    void requestThatChangesSomethingForgetsWhatIsKept() {
        StubUnit unit = unit("docs", FRESH);
        get("/docs/changed");
        HttpResponse<String> kept = hit("/docs/changed");

        send("DELETE", "/docs/changed");

        assertThat(get("/docs/changed").body()).isNotEqualTo(kept.body());
        unit.becomes((request, reply) -> reply.send(409, "no"));
        HttpResponse<String> again = hit("/docs/changed");
        send("DELETE", "/docs/changed");
        assertThat(get("/docs/changed").body()).isEqualTo(again.body());
    }

    @Test
    void bodyThatIsTooLargeOrBreaksOffIsNotKept() {
        String large = "x".repeat(70_000);
        StubUnit unit =
                unit(
                        "docs",
                        (request, reply) -> {
                            switch (request.target()) {
                                case "/large" -> reply.send(200, large, FRESH);
                                case "/large-in-chunks" ->
                                        reply.raw(
                                                "HTTP/1.1 200 OK\r\n"
                                                        + FRESH
                                                        + "\r\nTransfer-Encoding: chunked\r\n\r\n"
                                                        + Integer.toHexString(large.length())
                                                        + "\r\n"
                                                        + large
                                                        + "\r\n0\r\n\r\n");
                                default -> {
                                    reply.raw("HTTP/1.1 200 OK\r\n" + FRESH + "\r\n\r\nno end");
                                    reply.close();
                                }
                            }
                        });

        for (int each = 1; each <= 2; each++) {
            assertThat(get("/docs/large").body()).isEqualTo(large);
            assertThat(get("/docs/large-in-chunks").body()).isEqualTo(large);
            assertThat(get("/docs/no-end").body()).isEqualTo("no end");
        }

        assertThat(unit.requests()).hasSize(6);
    }

    @Test
    void answerInChunksIsKept() {
        unit(
                "docs",
                (request, reply) ->
                        reply.raw(
                                "HTTP/1.1 200 OK\r\n"
                                        + FRESH
                                        + "\r\nTransfer-Encoding: chunked\r\n\r\n"
                                        + "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"));
        get("/docs/chunks");

        HttpResponse<String> again = hit("/docs/chunks");

        assertThat(again.body()).isEqualTo("abcde");
        assertThat(header(again, "Content-Length")).isEqualTo("5");
        assertThat(header(again, "Transfer-Encoding")).isEmpty();
    }

    @Test
    void filtersOfARouteWorkOnWhatIsKept() {
        unit("docs", FRESH);
        get("/changed/on-the-way");

        HttpResponse<String> again = hit("/changed/on-the-way");

        assertThat(header(again, "X-Route")).isEqualTo("changed");
        HttpResponse<String> without = hit("/docs/on-the-way");
        assertThat(without.body()).isEqualTo(again.body());
        assertThat(header(without, "X-Route")).isEmpty();
    }

    @Test
    void serviceWithoutACacheHasNone() {
        unit("unset", FRESH);

        assertThat(get("/unset/x").body()).isEqualTo("answer 1");
        HttpResponse<String> second = get("/unset/x");

        assertThat(second.body()).isEqualTo("answer 2");
        assertThat(header(second, "Cache-Status")).isEmpty();
    }

    /** What was read last is kept a moment after it. */
    private static HttpResponse<String> stale(String path, String... headers) {
        HttpResponse<String> stale = hit(path, headers);
        assertThat(stale.statusCode()).isEqualTo(200);
        return stale;
    }

    @Test
    void staleAnswerIsGivenWhileTheServiceHasNoUnit() {
        StubUnit unit = unit("news", "Cache-Control: max-age=0");
        assertThat(get("/news/dead").body()).isEqualTo("answer 1");

        gateway.state("news", unit, UnitState.STOPPED);
        unit.close();

        HttpResponse<String> stale = stale("/news/dead");
        assertThat(stale.body()).isEqualTo("answer 1");
        assertThat(header(stale, "Cache-Status"))
                .matches("lepton; hit; ttl=(0|-\\d+); detail=no-unit");
        assertThat(header(stale, "Age")).isNotEmpty();
        assertThat(counted("news", "stale")).isPositive();
        assertThat(get("/news/other").statusCode()).isEqualTo(503);
    }

    @Test
    void staleAnswerIsGivenWhenEveryAttemptFails() {
        StubUnit unit = unit("news", "Cache-Control: max-age=0");
        get("/news/broken");

        unit.becomes((request, reply) -> reply.reset());

        HttpResponse<String> stale = stale("/news/broken");
        assertThat(stale.body()).isEqualTo("answer 1");
        assertThat(header(stale, "Cache-Status"))
                .containsPattern("detail=(attempts-spent|no-unit)");
    }

    @Test
    void staleAnswerIsGivenInPlaceOfAnErrorOfTheUnit() {
        StubUnit unit = unit("news", "Cache-Control: max-age=0", "X-Good: yes");
        get("/news/error");

        unit.becomes((request, reply) ->
                reply.send(500, "x".repeat(100_000), "X-Bad: yes", "Cache-Control: no-store"));

        HttpResponse<String> stale = stale("/news/error", "Cache-Control", "no-cache");
        assertThat(stale.body()).isEqualTo("answer 1");
        assertThat(header(stale, "X-Good")).isEqualTo("yes");
        assertThat(header(stale, "X-Bad")).isEmpty();
        assertThat(header(stale, "Cache-Status")).contains("detail=status-500");
    }

    @Test
    void answerThatForbidsItIsNeverGivenStale() {
        StubUnit unit = unit("news", "Cache-Control: max-age=0, must-revalidate", "ETag: \"1\"");
        await().until(() -> {
            get("/news/must");
            return !unit.requests().getLast().header("if-none-match").isEmpty();
        });

        unit.becomes((request, reply) -> reply.send(500, "broken"));

        assertThat(get("/news/must").statusCode()).isEqualTo(500);
    }

    @Test
    void whatTheServiceHasTakenBackIsNotGivenWhenItFails() {
        StubUnit unit = unit("news", "Cache-Control: max-age=0");
        get("/news/taken-back");
        StubUnit.Behaviour broken = (request, reply) -> reply.send(500, "broken");
        unit.becomes(broken);
        stale("/news/taken-back");

        unit.becomes((request, reply) -> reply.send(403, "no longer"));
        assertThat(get("/news/taken-back").statusCode()).isEqualTo(403);

        unit.becomes(broken);
        assertThat(get("/news/taken-back").statusCode()).isEqualTo(500);
    }

    @Test
    void filterLocalResponseCacheOfARouteKeepsAnswersToo() {
        StubUnit unit = unit("kept-by-a-filter", "Content-Type: text/plain");
        HttpResponse<String> first = get("/kept-by-a-filter/x");

        HttpResponse<String> again =
                await().until(
                                () -> get("/kept-by-a-filter/x"),
                                answer -> answer.body().equals(first.body()));

        assertThat(header(again, "Cache-Control")).contains("max-age=3");
        int asked = unit.requests().size();
        get("/kept-by-a-filter/x");
        assertThat(unit.requests()).hasSize(asked);
    }
}
