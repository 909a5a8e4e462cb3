package dev.lepton.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.cloud.gateway.event.RefreshRoutesEvent;
import org.springframework.cloud.gateway.filter.FilterDefinition;
import org.springframework.cloud.gateway.handler.predicate.PredicateDefinition;
import org.springframework.cloud.gateway.route.RouteDefinition;
import org.springframework.cloud.gateway.route.RouteDefinitionRepository;
import reactor.core.publisher.Mono;

/** Which route of a configuration a request takes. */
class LookupIT {

    private static RunningGateway gateway;
    private static StubUnit unit;
    private static StubUnit withoutRoutes;
    private static String firstAnswer;

    @BeforeAll
    static void start(@TempDir Path home) {
        unit = StubUnit.start("lookup-1", LookupIT::tellRoute);
        withoutRoutes = StubUnit.start("by-method-1", LookupIT::tellRoute);
        gateway =
                RunningGateway.start(
                        home,
                        "--spring.profiles.active=lookup",
                        "--lepton.gateway.edge.allow=semicolon");
        gateway.up("lookup", unit);
        gateway.up("by-method", withoutRoutes);
        firstAnswer =
                RawClient.exchange(
                        gateway.port(),
                        "OPTIONS /with-cors/x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n"
                                + "Origin: https://friend.example\r\n"
                                + "Access-Control-Request-Method: GET\r\n\r\n");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        unit.close();
        withoutRoutes.close();
    }

    private static void tellRoute(StubUnit.Request request, StubUnit.Reply reply)
            throws IOException {
        reply.send(200, String.join(" ", request.header("x-route")));
    }

    /** The body of the answer: the route that the request took, empty for that of all services. */
    private static String routeOf(String requestLine, String... headers) {
        String answer =
                RawClient.exchange(
                        gateway.port(),
                        requestLine
                                + " HTTP/1.1\r\nConnection: close\r\nContent-Length: 0\r\n"
                                + String.join("\r\n", headers)
                                + "\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 200 ");
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }

    @ParameterizedTest
    @CsvSource({
        "GET /by-path/x, by-path",
        "GET /by-path, by-path",
        "GET /by-path;v=1/x, by-path",
        "GET /by%2Dpath/x, by-path",
        "POST /by-method/x, by-method-and-path",
        "GET /by-method/x, ''",
        "GET /one/x/y, several-paths",
        "GET /two/x, several-paths",
        "GET /one/at-the-end, several-paths",
        "GET /lookup/at-the-end, any-path",
        "GET /ordered/x/y, ordered-early",
        "GET /ordered/y, ordered-late",
        "GET /weighted/x, weighted",
        "GET /lookup/x, ''",
    })
    void requestTakesTheFirstRouteThatMatches(String requestLine, String route) {
        assertThat(routeOf(requestLine, "Host: any.example")).isEqualTo(route);
    }

    @Test
    void hostAndHeaderDecideForAnyPath() {
        assertThat(routeOf("GET /lookup/x", "Host: by-host.example")).isEqualTo("by-host");
        assertThat(routeOf("GET /by-path/x", "Host: by-host.example")).isEqualTo("by-path");
        assertThat(routeOf("GET /lookup/x", "Host: by-host.example.")).isEmpty();
        assertThat(routeOf("GET /ordered/x", "Host: h", "X-Special: 1")).isEqualTo("by-header");
    }

    @Test
    void routeThatIsAddedWhileTheGatewayRunsIsFoundAndNoLongerWhenItIsRemoved() {
        assertThat(gateway.get("/added/x").statusCode()).isEqualTo(404);
        RouteDefinitionRepository repository = gateway.bean(RouteDefinitionRepository.class);

        repository.save(Mono.just(added())).block();
        gateway.publish(new RefreshRoutesEvent(this));
        assertThat(routeOf("GET /added/x", "Host: h")).isEqualTo("added");
        assertThat(routeOf("GET /by-path/x", "Host: h")).isEqualTo("by-path");

        repository.delete(Mono.just("added")).block();
        gateway.publish(new RefreshRoutesEvent(this));
        assertThat(gateway.get("/added/x").statusCode()).isEqualTo(404);
    }

    private static RouteDefinition added() {
        RouteDefinition route = new RouteDefinition();
        route.setId("added");
        route.setUri(URI.create("unit://lookup"));
        route.setPredicates(List.of(new PredicateDefinition("Path=/added/**")));
        route.setFilters(List.of(new FilterDefinition("AddRequestHeader=X-Route, added")));
        return route;
    }

    @Test
    void corsRulesOfARouteHoldFromTheFirstRequestOn() {
        assertThat(firstAnswer)
                .startsWith("HTTP/1.1 200 ")
                .containsIgnoringCase("Access-Control-Allow-Origin: https://friend.example");
    }

    @Test
    void actuatorIsFoundBesideTheRoutes() {
        assertThat(gateway.actuator("/health/liveness").statusCode()).isEqualTo(200);
        assertThat(gateway.actuator("/lepton").body()).contains("\"lookup-1\"");
    }
}
