package dev.lepton.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.cloud.gateway.route.builder.RouteLocatorBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Every filter of Spring Cloud Gateway, as its users write it, on routes to units. */
@ExtendWith(LeakCheck.class)
class FiltersIT {

    private static final String JSON = "{\"id\":7,\"secret\":\"a\",\"inner\":{\"secret\":\"b\"}}";
    private static final Duration SOON = Duration.ofSeconds(10);

    private static RunningGateway gateway;
    private static StubUnit unit;
    private static StubUnit second;
    private static StubUnit failing;
    private static StubUnit breaking;
    private static StubUnit slow;
    private static StubUnit elsewhere;

    /** What can be said in Java alone, and what a request is forwarded to within the gateway. */
    static final class JavaRoutes {

        @Bean
        RouteLocator javaRoutes(RouteLocatorBuilder builder) {
            return builder.routes()
                    .route(
                            "modify-request",
                            route ->
                                    route.path("/modify-request/**")
                                            .filters(filters ->
                                                    filters.modifyRequestBody(
                                                            String.class,
                                                            String.class,
                                                            (exchange, body) ->
                                                                    Mono.just(body + " and more")))
                                            .uri("unit://parity"))
                    .route(
                            "modify-response",
                            route ->
                                    route.path("/modify-response/**")
                                            .filters(filters ->
                                                    filters.modifyResponseBody(
                                                            String.class,
                                                            String.class,
                                                            (exchange, body) ->
                                                                    Mono.just(
                                                                            body.replace(
                                                                                    "secret",
                                                                                    "known"))))
                                            .uri("unit://parity"))
                    .build();
        }

        @Bean
        RouterFunction<ServerResponse> local() {
            return RouterFunctions.route()
                    .path(
                            "/local",
                            routes ->
                                    routes.route(
                                            request -> true,
                                            request -> ServerResponse.ok().bodyValue("local")))
                    .build();
        }
    }

    @BeforeAll
    static void start(@TempDir Path home) {
        unit = StubUnit.start("parity-1", FiltersIT::answer);
        second = StubUnit.good("second-1");
        failing = StubUnit.good("failing-1");
        breaking = StubUnit.start("breaking-1", (request, reply) -> reply.reset());
        slow = StubUnit.start("slow-1", (request, reply) -> reply.hang());
        elsewhere = StubUnit.good("elsewhere");
        gateway =
                RunningGateway.start(
                        home,
                        "--spring.profiles.active=filters",
                        "--spring.main.sources=" + JavaRoutes.class.getName(),
                        "--elsewhere.port=" + elsewhere.port(),
                        "--resilience4j.circuitbreaker.instances.byName.sliding-window-size=3",
                        "--resilience4j.circuitbreaker.instances.byName.minimum-number-of-calls=3",
                        "--resilience4j.timelimiter.configs.default.timeout-duration=10s",
                        "--resilience4j.timelimiter.instances.slow.timeout-duration=300ms");
        gateway.up("parity", unit);
        gateway.up("second", second);
        gateway.up("failing", failing);
        gateway.up("breaking", breaking);
        gateway.up("slow", slow);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        Stream.of(unit, second, failing, breaking, slow, elsewhere).forEach(StubUnit::close);
    }

    @BeforeEach
    void forget() {
        Stream.of(unit, second, failing, breaking, slow, elsewhere)
                .forEach(each -> each.requests().clear());
        elsewhere.becomes((request, reply) -> reply.send(200, request.target()));
    }

    private static void answer(StubUnit.Request request, StubUnit.Reply reply) throws IOException {
        reply.send(
                200,
                JSON,
                "Content-Type: application/json",
                "X-Reply: first",
                "X-Reply: second",
                "X-Secret: user=1&password=hush",
                "Location: http://10.0.0.1:9000/v2/orders/7");
    }

    /** A request, and what of it is to be seen on either side, in small letters. */
    private static final class Case {

        private final String requestLine;
        private final String headers;
        private String body = "";
        private String reaches = "";
        private List<String> unitGets = List.of();
        private List<String> unitGetsNo = List.of();
        private List<String> clientGets = List.of("http/1.1 200 ");
        private List<String> clientGetsNo = List.of();

        private Case(String requestLine, String headers) {
            this.requestLine = requestLine;
            this.headers = headers;
        }

        Case withBody(String text) {
            body = text;
            return this;
        }

        Case reaches(String target) {
            reaches = target;
            return this;
        }

        Case unitGets(String... lines) {
            unitGets = List.of(lines);
            return this;
        }

        Case unitGetsNo(String... texts) {
            unitGetsNo = List.of(texts);
            return this;
        }

        Case clientGets(String... texts) {
            clientGets = List.of(texts);
            return this;
        }

        Case clientGetsNo(String... texts) {
            clientGetsNo = List.of(texts);
            return this;
        }

        @Override
        public String toString() {
            return requestLine;
        }
    }

    private static Case sent(String requestLine, String... headers) {
        return new Case(
                requestLine,
                Stream.of(headers).map(header -> header + "\r\n").reduce("", String::concat));
    }

    static Stream<Case> cases() {
        return Stream.of(
                sent("GET /add-request-header/red")
                        .reaches("/add-request-header/red")
                        .unitGets("x-color: blue-red", "x-by-default: asked")
                        .clientGets("x-by-default: answered\r\n", "lepton-unit: parity-1\r\n"),
                sent("GET /add-request-header-expanded/red").unitGets("x-color: blue"),
                sent("GET /add-headers-if-not-present/a", "X-One: own")
                        .unitGets("x-one: own", "x-two: 2-a")
                        .unitGetsNo("x-one: 1"),
                sent("GET /add-request-parameter/red?q=%27&r=%2F")
                        .reaches("/add-request-parameter/red?q=%27&r=%2F&color=blue-red"),
                sent("GET /add-request-parameter/red")
                        .reaches("/add-request-parameter/red?color=blue-red"),
                sent("GET /add-request-parameter/red?f[x]=1&q=%27")
                        .reaches("/add-request-parameter/red?f%5Bx%5D=1&q=%27&color=blue-red"),
                sent("GET /add-request-parameter/red?f={1}&q=%27")
                        .reaches("/add-request-parameter/red?f=%7B1%7D&q=%27&color=blue-red"),
                sent("GET /add-response-header/red").clientGets("x-color: blue-red\r\n"),
                sent("GET /dedupe-first/x")
                        .clientGets("x-reply: first\r\n")
                        .clientGetsNo("x-reply: second"),
                sent("GET /dedupe-expanded/x")
                        .clientGets("x-reply: second\r\n")
                        .clientGetsNo("x-reply: first"),
                sent("GET /map-request-header/x", "Blue: a", "Blue: b")
                        .unitGets("blue: a", "blue: b", "x-red: a", "x-red: b"),
                sent("GET /map-request-header/x").unitGetsNo("x-red"),
                sent("GET /prefix-path/hello?a=%20b").reaches("/mypath/prefix-path/hello?a=%20b"),
                sent("GET /preserve-host/x", "Host: shop.example")
                        .unitGets("host: shop.example", "x-forwarded-host: shop.example"),
                sent("GET /redirect/x")
                        .clientGets("http/1.1 302 ", "location: https://acme.example\r\n"),
                sent("GET /redirect-expanded/x?a=1")
                        .clientGets("http/1.1 301 ", "location: https://acme.example/new?a=1\r\n"),
                sent("GET /remove-request-header/x", "X-Secret: 1", "X-Other: 2")
                        .unitGets("x-other: 2")
                        .unitGetsNo("x-secret"),
                sent("GET /remove-response-header/x")
                        .clientGets("x-reply: first\r\n")
                        .clientGetsNo("x-secret"),
                sent("GET /remove-request-parameter/x?red=1&blue=%27x&red=2")
                        .reaches("/remove-request-parameter/x?blue=%27x"),
                sent("GET /request-header-size/x", "X-Short: 1").unitGets("x-short: 1"),
                sent("GET /request-header-size/x", "X-Long: " + "l".repeat(100))
                        .clientGets("http/1.1 431 ", "errormessage: "),
                sent("POST /request-size/x").withBody("12345").reaches("/request-size/x"),
                sent("POST /request-size/x")
                        .withBody("123456")
                        .clientGets("http/1.1 413 ", "errormessage: "),
                sent("GET /rewrite-location/x", "Host: shop.example")
                        .clientGets("location: http://shop.example/orders/7\r\n"),
                sent("GET /rewrite-location-expanded/x")
                        .clientGets("location: http://api.example/v2/orders/7\r\n"),
                sent("GET /rewrite-path/a%20b/%E2%82%AC?x=%2Fy")
                        .reaches("/api/a%20b/%E2%82%AC?x=%2Fy"),
                sent("GET /rewrite-path-expanded/a").reaches("/api/a"),
                sent("GET /rewrite-request-parameter/x?campaign=old&a=b")
                        .reaches("/rewrite-request-parameter/x?a=b&campaign=fall2026"),
                sent("GET /rewrite-response-header/x")
                        .clientGets("x-secret: user=1&password=***\r\n"),
                sent("GET /secure-headers/x")
                        .clientGets(
                                "x-xss-protection: 1 ; mode=block\r\n",
                                "strict-transport-security: max-age=631138519\r\n",
                                "x-frame-options: deny\r\n",
                                "x-content-type-options: nosniff\r\n",
                                "referrer-policy: no-referrer\r\n",
                                "x-download-options: noopen\r\n",
                                "x-permitted-cross-domain-policies: none\r\n",
                                "content-security-policy: default-src 'self' https:"),
                sent("GET /set-path/a%20b?q=1").reaches("/a%20b?q=1"),
                sent("GET /set-request-header/x", "X-Color: red", "X-Color: green")
                        .unitGets("x-color: blue")
                        .unitGetsNo("red", "green"),
                sent("GET /set-request-host/x", "Host: shop.example")
                        .unitGets("host: unit.example"),
                sent("GET /set-response-header/x")
                        .clientGets("x-reply: only\r\n")
                        .clientGetsNo("x-reply: first", "x-reply: second"),
                sent("GET /set-status/x").clientGets("http/1.1 401 ", "\"id\":7"),
                sent("GET /set-status-expanded/x").clientGets("http/1.1 400 "),
                sent("GET /strip-prefix/a/b%2Dc?d").reaches("/b%2Dc?d"),
                sent("GET /strip-prefix-expanded/a/b").reaches("/a/b"),
                sent("POST /cache-request-body/x", "Content-Type: text/plain")
                        .withBody("a body")
                        .reaches("/cache-request-body/x"),
                sent("GET /remove-json/x")
                        .clientGets("http/1.1 200 ", "\r\n\r\n{\"id\":7,\"inner\":{}}")
                        .clientGetsNo("secret\""),
                sent("GET /remove-json-expanded/x")
                        .clientGets("{\"id\":7,\"inner\":{\"secret\":\"b\"}}"),
                sent("GET /set-request-uri/parity/x?y").reaches("/set-request-uri/parity/x?y"),
                sent("GET /save-session/x").reaches("/save-session/x"),
                sent("GET /load-balanced/x").reaches("/load-balanced/x"),
                sent("GET /load-balanced-expanded/x").reaches("/load-balanced-expanded/x"),
                sent("GET /load-balanced-prefixed/x").reaches("/load-balanced-prefixed/x"),
                sent("GET /forwarded/x").clientGets("http/1.1 200 ", "\r\n\r\nlocal"),
                sent("GET /forwarded-to-units/x").reaches("/it"),
                sent("POST /modify-request/x", "Content-Type: text/plain")
                        .withBody("some")
                        .reaches("/modify-request/x"),
                sent("GET /modify-response/x")
                        .clientGets("{\"id\":7,\"known\":\"a\",\"inner\":{\"known\":\"b\"}}"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void filterDoesToRequestAndResponseWhatItSays(Case each) {
        String answer = send(each).toLowerCase(Locale.ROOT);

        assertThat(answer).contains(each.clientGets);
        assertNoneIn(answer, each.clientGetsNo);
        boolean reaches =
                !each.reaches.isEmpty() || !each.unitGets.isEmpty() || !each.unitGetsNo.isEmpty();
        if (reaches) {
            assertThat(unit.requests()).hasSize(1);
            StubUnit.Request received = unit.requests().getFirst();
            String head = received.head().toLowerCase(Locale.ROOT);
            if (!each.reaches.isEmpty()) {
                assertThat(received.target()).isEqualTo(each.reaches);
            }
            assertThat(head.lines()).containsAll(each.unitGets);
            assertNoneIn(head, each.unitGetsNo);
        }
    }

    private static void assertNoneIn(String text, List<String> absent) {
        absent.forEach(each -> assertThat(text).doesNotContain(each));
    }

    private static String send(Case each) {
        String host = each.headers.contains("Host: ") ? "" : "Host: h\r\n";
        return RawClient.exchange(
                gateway.port(),
                "%s HTTP/1.1\r\n%sConnection: close\r\nContent-Length: %d\r\n%s\r\n%s"
                        .formatted(
                                each.requestLine,
                                host,
                                each.body.length(),
                                each.headers,
                                each.body));
    }

    @ParameterizedTest
    @ValueSource(strings = {"redirect", "redirect-expanded", "request-size", "request-header-size"})
    void whatAFilterAnswersReachesNoUnit(String route) {
        String answer =
                send(
                        sent("POST /" + route + "/x", "X-Long: " + "l".repeat(100))
                                .withBody("1234567"));

        assertThat(answer).containsPattern("^HTTP/1.1 (30[12]|413|431) ");
        assertThat(unit.requests()).isEmpty();
    }

    @Test
    void bodiesThatFiltersReadOrRewriteArriveWhole() {
        send(sent("POST /cache-request-body/x", "Content-Type: text/plain").withBody("a body"));
        send(sent("POST /modify-request/x", "Content-Type: text/plain").withBody("some"));

        assertThat(unit.requests().stream().map(StubUnit.Request::text))
                .containsExactly("a body", "some and more");
    }

    @Test
    void addressInAHeaderOrATemplateIsTaken() {
        String address = "http://127.0.0.1:" + elsewhere.port() + "/of/header";

        String byHeader = send(sent("GET /header-to-uri/x", "X-New-Url: " + address));
        String withoutHeader = send(sent("GET /header-to-uri/x"));
        String byTemplate = send(sent("GET /set-request-uri-address/red"));

        assertThat(byHeader).endsWith("/of/header").doesNotContainIgnoringCase("lepton-unit");
        assertThat(withoutHeader).containsIgnoringCase("lepton-unit: parity-1");
        assertThat(byTemplate).endsWith("/taken/red");
    }

    @Test
    void addressOfARouteIsAskedByTheStockFilter() {
        assertThat(send(sent("GET /elsewhere/a/b?q=%27&f[x]=1")))
                .startsWith("HTTP/1.1 200 ")
                .endsWith("/a/b?q=%27&f%5Bx%5D=1")
                .doesNotContainIgnoringCase("lepton-unit");
    }

    @Test
    void breakerOfARouteOpensAndTheUnitIsLeftAlone() {
        for (int i = 0; i < 3; i++) {
            assertThat(send(sent("POST /circuit-breaker/x").withBody("b")))
                    .startsWith("HTTP/1.1 502 ")
                    .contains("\"code\":\"sent-and-failed\"");
        }
        int before = breaking.requests().size();

        assertThat(send(sent("POST /circuit-breaker/x").withBody("b"))).startsWith("HTTP/1.1 503 ");

        assertThat(breaking.requests()).hasSize(before);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 404})
    void fallbackAnswersInPlaceOfAStatus(int status) {
        failing.becomes((request, reply) -> reply.send(status, "trouble", "X-Of-Unit: 1"));

        String answer = send(sent("POST /fallback/x").withBody("b"));

        assertThat(answer)
                .startsWith("HTTP/1.1 200 ")
                .endsWith("\r\n\r\nlocal")
                .doesNotContainIgnoringCase("x-of-unit")
                .doesNotContainIgnoringCase("lepton-unit");
        await().atMost(SOON).until(() -> gateway.tracked(failing).inFlight() == 0);
    }

    @Test
    void fallbackIsNotNeededForOtherStatuses() {
        failing.becomes((request, reply) -> reply.send(418, "tea"));

        assertThat(send(sent("GET /fallback/x"))).startsWith("HTTP/1.1 418 ").endsWith("tea");
    }

    @Test
    void fallbackAnswersInPlaceOfAUnitThatTakesTooLong() {
        assertThat(send(sent("POST /fallback-when-slow/x").withBody("b")))
                .startsWith("HTTP/1.1 200 ")
                .endsWith("\r\n\r\nlocal");

        await().atMost(SOON).until(() -> gateway.tracked(slow).inFlight() == 0);
        await().atMost(SOON).until(() -> slow.openConnections() == 0);
    }

    @Test
    void timeLimitOfABreakerIsATimeoutOfTheGateway() {
        assertThat(send(sent("POST /too-slow/x").withBody("b"))).startsWith("HTTP/1.1 504 ");

        await().atMost(SOON).until(() -> gateway.tracked(slow).inFlight() == 0);
    }

    @Test
    void fallbackCanBeAnotherServiceWhichIsToldWhy() {
        failing.becomes((request, reply) -> reply.send(500, "trouble"));

        String answer = send(sent("POST /fallback-to-units/x?a=1").withBody("body"));

        assertThat(answer)
                .startsWith("HTTP/1.1 200 ")
                .endsWith("\r\n\r\nsecond-1")
                .containsIgnoringCase("lepton-unit: second-1\r\n");
        assertThat(second.requests()).hasSize(1);
        StubUnit.Request received = second.requests().getFirst();
        assertThat(received.target()).startsWith("/second-choice");
        assertThat(received.text()).isEqualTo("body");
        assertThat(received.header("x-why-type").getFirst())
                .endsWith("CircuitBreakerStatusCodeException");
        await().atMost(SOON).until(() -> gateway.tracked(failing).inFlight() == 0);
        await().atMost(SOON).until(() -> gateway.tracked(second).inFlight() == 0);
    }

    @Test
    void retryOfARouteSendsTheBodyAgain() {
        AtomicInteger seen = new AtomicInteger();
        failing.becomes(
                (request, reply) -> reply.send(seen.incrementAndGet() < 3 ? 500 : 200, "r"));

        assertThat(send(sent("POST /retry/x").withBody("body"))).startsWith("HTTP/1.1 200 ");

        assertThat(failing.requests()).hasSize(3).allMatch(r -> r.text().equals("body"));
        await().atMost(SOON).until(() -> gateway.tracked(failing).inFlight() == 0);
    }

    @Test
    void retryOfARouteToAnAddressSendsTheBodyAgain() {
        AtomicInteger seen = new AtomicInteger();
        elsewhere.becomes(
                (request, reply) -> reply.send(seen.incrementAndGet() < 3 ? 500 : 200, "r"));

        assertThat(send(sent("POST /retry-elsewhere/x").withBody("body")))
                .startsWith("HTTP/1.1 200 ");

        assertThat(elsewhere.requests()).hasSize(3).allMatch(r -> r.text().equals("body"));
    }

    @Test
    void retryOfARouteLeavesOtherMethodsAlone() {
        failing.becomes((request, reply) -> reply.send(500, "once"));

        assertThat(send(sent("PUT /retry/x").withBody("body"))).startsWith("HTTP/1.1 500 ");

        assertThat(failing.requests()).hasSize(1);
    }
}
