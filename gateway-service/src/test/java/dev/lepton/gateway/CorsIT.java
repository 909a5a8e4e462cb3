package dev.lepton.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What pages of other origins may ask, by rules for all paths and by those of a route. */
@ExtendWith(LeakCheck.class)
class CorsIT {

    private static final String ALLOWED = "access-control-allow-origin: ";

    private static RunningGateway gateway;
    private static StubUnit unit;

    @BeforeAll
    static void start(@TempDir Path home) {
        unit =
                StubUnit.start(
                        "cors-1",
                        (request, reply) ->
                                reply.send(
                                        200,
                                        "of unit",
                                        "Access-Control-Allow-Origin: *",
                                        "X-Total: 1"));
        gateway = RunningGateway.start(home, "--spring.profiles.active=cors");
        gateway.up("cors", unit);
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

    private static String preflight(String path, String origin, String method, String... more) {
        return ask("OPTIONS", path, origin, "Access-Control-Request-Method: " + method, more);
    }

    private static String actual(String method, String path, String origin) {
        return ask(method, path, origin, "X-Actual: 1");
    }

    private static String ask(
            String method, String path, String origin, String header, String... more) {
        return RawClient.exchange(
                        gateway.port(),
                        "%s %s HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 0\r\nOrigin: %s\r\n%s\r\n%s\r\n"
                                .formatted(
                                        method,
                                        path,
                                        origin,
                                        header,
                                        String.join("", List.of(more))))
                .toLowerCase(Locale.ROOT);
    }

    @Test
    void preflightIsAnsweredByTheGateway() {
        String answer = preflight("/cors/x", "https://friend.example", "POST");

        assertThat(answer)
                .startsWith("http/1.1 200 ")
                .contains(ALLOWED + "https://friend.example\r\n")
                .contains("access-control-allow-methods: get,post\r\n");
        assertThat(unit.requests()).isEmpty();
    }

    @Test
    void preflightOfAStrangerOrForAnotherMethodIsRefused() {
        assertThat(preflight("/cors/x", "https://evil.example", "GET"))
                .startsWith("http/1.1 403 ")
                .doesNotContain(ALLOWED);
        assertThat(preflight("/cors/x", "https://friend.example", "DELETE"))
                .startsWith("http/1.1 403 ");
        assertThat(unit.requests()).isEmpty();
    }

    @Test
    void requestOfAFriendReachesTheUnit() {
        String answer = actual("GET", "/deduped/x", "https://friend.example");

        assertThat(answer)
                .startsWith("http/1.1 200 ")
                .contains(ALLOWED + "https://friend.example\r\n")
                .doesNotContain(ALLOWED + "*")
                .endsWith("of unit");
        assertThat(unit.requests()).hasSize(1);
    }

    @Test
    void requestOfAStrangerReachesNoUnit() {
        assertThat(actual("GET", "/cors/x", "https://evil.example")).startsWith("http/1.1 403 ");
        assertThat(unit.requests()).isEmpty();
    }

    @Test
    void requestWithoutAnOriginHasNothingToDoWithIt() {
        assertThat(gateway.get("/cors/x").statusCode()).isEqualTo(200);
    }

    @Test
    void rulesOfARouteHoldInPlaceOfThoseForAll() {
        String answer =
                preflight(
                        "/own-rules/x",
                        "https://partner.example",
                        "PUT",
                        "Access-Control-Request-Headers: X-Any\r\n");

        assertThat(answer)
                .startsWith("http/1.1 200 ")
                .contains(ALLOWED + "https://partner.example\r\n")
                .contains("access-control-allow-methods: put\r\n")
                .contains("access-control-allow-headers: x-any\r\n")
                .contains("access-control-allow-credentials: true\r\n")
                .contains("access-control-max-age: 30\r\n");
        assertThat(preflight("/own-rules/x", "https://friend.example", "PUT"))
                .startsWith("http/1.1 403 ");
        assertThat(unit.requests()).isEmpty();
    }

    @Test
    void requestByTheRulesOfARouteReachesTheUnit() {
        String answer = actual("PUT", "/own-rules/x", "https://partner.example");

        assertThat(answer)
                .startsWith("http/1.1 200 ")
                .contains(ALLOWED + "https://partner.example\r\n")
                .contains("access-control-expose-headers: x-total\r\n");
        assertThat(actual("PUT", "/own-rules/x", "https://friend.example"))
                .startsWith("http/1.1 403 ");
        assertThat(unit.requests()).hasSize(1);
    }
}
