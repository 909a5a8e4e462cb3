package dev.lepton.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.cloud.gateway.route.builder.RouteLocatorBuilder;
import org.springframework.context.annotation.Bean;

/** Every predicate of Spring Cloud Gateway, as its users write it, before routes to units. */
@ExtendWith(LeakCheck.class)
class PredicatesIT {

    private static RunningGateway gateway;
    private static StubUnit unit;

    /** What can be said in Java alone. */
    static final class JavaRoutes {

        @Bean
        RouteLocator javaRoutes(RouteLocatorBuilder builder) {
            return builder.routes()
                    .route(
                            "read-body",
                            route ->
                                    route.path("/read-body/**")
                                            .and()
                                            .readBody(
                                                    String.class,
                                                    body -> body.trim().equals("hello"))
                                            .uri("unit://parity"))
                    .build();
        }
    }

    @BeforeAll
    static void start(@TempDir Path home) {
        unit = StubUnit.start("parity-1", (request, reply) -> reply.send(200, request.text()));
        gateway =
                RunningGateway.start(
                        home,
                        "--spring.profiles.active=predicates",
                        "--spring.main.sources=" + JavaRoutes.class.getName(),
                        "--management.endpoint.gateway.access=read-only",
                        "--management.endpoints.web.exposure.include=health,gateway",
                        "--spring.webflux.apiversion.use.header=X-Api-Version",
                        "--spring.webflux.apiversion.supported=1.4");
        gateway.up("parity", unit);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        unit.close();
    }

    @BeforeEach
    void forget() {
        unit.requests().clear();
    }

    private static String answer(String requestLine, String headers, String body) {
        String host = headers.contains("Host: ") ? "" : "Host: h\r\n";
        return RawClient.exchange(
                gateway.port(),
                "%s HTTP/1.1\r\nConnection: close\r\nContent-Length: %d\r\n%s%s\r\n%s"
                        .formatted(
                                requestLine,
                                body.length(),
                                host,
                                headers.isEmpty() ? "" : headers + "\r\n",
                                body));
    }

    @ParameterizedTest
    @CsvSource({
        "GET /after/x,",
        "GET /after-expanded/x,",
        "GET /before/x,",
        "GET /before-expanded/x,",
        "GET /between/x,",
        "GET /between-expanded/x,",
        "GET /cookie/x, Cookie: a=b; chocolate=chip",
        "GET /cookie-expanded/x, Cookie: chocolate=chop",
        "GET /header/x, X-Request-Id: 123",
        "GET /header-expanded/x, X-Request-Id: 123",
        "GET /header-present/x, X-Request-Id: any",
        "GET /anything, Host: www.somehost.example",
        "GET /anything, Host: beta.www.somehost.example",
        "GET /anything, Host: www.other.example",
        "GET /host-expanded/x, Host: www.third.example",
        "GET /host-expanded/x, Host: www.third.example:8080",
        "PUT /method/x,",
        "DELETE /method/x,",
        "PUT /method-expanded/x,",
        "GET /red/1,",
        "GET /blue/%E2%82%AC,",
        "GET /path-expanded/a/b/c,",
        "GET /query/x?green,",
        "GET /query/x?a=%27&green=1,",
        "GET /query-value/x?red=green,",
        "GET /query-value/x?red=a&red=greet,",
        "GET /query-expanded/x?red=green,",
        "GET /remote/x,",
        "GET /remote-expanded/x,",
        "GET /forwarded/x, X-Forwarded-For: 10.1.1.7",
        "GET /forwarded/x, 'X-Forwarded-For: 192.168.0.1, 10.1.1.7'",
        "GET /forwarded-expanded/x, X-Forwarded-For: 10.1.1.7",
        "GET /version/x, X-Api-Version: 1.1",
        "GET /version/x,",
        "GET /version-expanded/x, X-Api-Version: 1.2",
        "GET /version-expanded/x, X-Api-Version: 1.4",
    })
    void routeTakesTheRequest(String requestLine, String header) {
        String answer = answer(requestLine, header == null ? "" : header, "");

        assertThat(answer)
                .startsWith("HTTP/1.1 200 ")
                .containsIgnoringCase("lepton-unit: parity-1");
        assertThat(unit.requests()).hasSize(1);
        assertThat(unit.requests().getFirst().head()).startsWith(requestLine + " HTTP/1.1");
    }

    @ParameterizedTest
    @CsvSource({
        "GET /after-to-come/x,",
        "GET /before-long-ago/x,",
        "GET /between-long-ago/x,",
        "GET /cookie/x,",
        "GET /cookie/x, Cookie: chocolate=chips",
        "GET /cookie-expanded/x, Cookie: vanilla=chip",
        "GET /header/x,",
        "GET /header/x, X-Request-Id: a1",
        "GET /header-expanded/x, X-Request-Id: 1a",
        "GET /header-present/x,",
        "GET /anything, Host: somehost.example.evil",
        "GET /anything, Host: a.b.other.example",
        "GET /host-expanded/x, Host: third.example",
        "GET /method/x,",
        "PATCH /method-expanded/x,",
        "GET /red/1/2,",
        "GET /green/1,",
        "GET /query/x?red=green,",
        "GET /query-value/x?red,",
        "GET /query-value/x?red=greens,",
        "GET /query-expanded/x?green=green,",
        "GET /remote-elsewhere/x,",
        "GET /forwarded/x, 'X-Forwarded-For: 10.1.1.7, 192.168.0.1'",
        "GET /forwarded-expanded/x,",
        "GET /version/x, X-Api-Version: 1.2",
        "GET /version-expanded/x, X-Api-Version: 1.1",
    })
    void routeLeavesTheRequest(String requestLine, String header) {
        String answer = answer(requestLine, header == null ? "" : header, "");

        assertThat(answer).startsWith("HTTP/1.1 404 ").contains("\"code\":\"unknown-service\"");
        assertThat(unit.requests()).isEmpty();
    }

    @Test
    void weightsDivideTheRequestsOfAGroup() {
        int all = 500;
        for (int i = 0; i < all; i++) {
            assertThat(gateway.get("/weight/x").statusCode()).isEqualTo(200);
        }

        // Eight of ten, give or take seven times the standard deviation.
        assertThat(unit.requests()).hasSize(all);
        assertThat(unit.requests().stream().filter(r -> r.target().equals("/high")).count())
                .isCloseTo(400, within(63L));
        assertThat(unit.requests()).allMatch(r -> r.target().matches("/high|/low"));
    }

    @Test
    void versionThatIsNoneIsTheClientsFault() {
        assertThat(answer("GET /version/x", "X-Api-Version: one", "")).startsWith("HTTP/1.1 400 ");
        assertThat(unit.requests()).isEmpty();
    }

    @Test
    void routesAreListedWhereTheEndpointIsOpenedAndCannotBeChanged() {
        assertThat(gateway.actuator("/gateway/routes").body())
                .contains("\"route_id\":\"weight-high\"", "\"uri\":\"unit://parity\"");

        HttpResponse<String> changed =
                gateway.send(
                        HttpRequest.newBuilder(
                                        URI.create(
                                                "http://127.0.0.1:"
                                                        + gateway.actuatorPort()
                                                        + "/actuator/gateway/routes/mine"))
                                .header("Content-Type", "application/json")
                                .POST(
                                        HttpRequest.BodyPublishers.ofString(
                                                "{\"id\":\"mine\",\"uri\":\"http://127.0.0.1:9\",\"predicates\":[{\"name\":\"Path\",\"args\":{\"_genkey_0\":\"/mine/**\"}}]}")));

        assertThat(changed.statusCode()).isIn(404, 405);
        assertThat(gateway.actuator("/gateway/routes").body()).doesNotContain("\"mine\"");
    }

    @Test
    void bodyDecidesAndTheUnitGetsItAllTheSame() {
        assertThat(answer("POST /read-body/x", "Content-Type: text/plain", "hello "))
                .startsWith("HTTP/1.1 200 ")
                .endsWith("hello ");
        assertThat(answer("POST /read-body/x", "Content-Type: text/plain", "bye"))
                .startsWith("HTTP/1.1 404 ");

        assertThat(unit.requests()).hasSize(1);
        assertThat(unit.requests().getFirst().text()).isEqualTo("hello ");
    }
}
