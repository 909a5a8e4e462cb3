package dev.lepton.supervisor.socketproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.supervisor.socketproxy.EngineCall.Events;
import dev.lepton.supervisor.socketproxy.EngineCall.Excerpt;
import dev.lepton.supervisor.socketproxy.EngineCall.Inspect;
import dev.lepton.supervisor.socketproxy.EngineCall.ListContainers;
import dev.lepton.supervisor.socketproxy.EngineCall.Logs;
import dev.lepton.supervisor.socketproxy.EngineCall.Ping;
import dev.lepton.supervisor.socketproxy.EngineCall.Restart;
import dev.lepton.supervisor.socketproxy.EngineCall.Start;
import dev.lepton.supervisor.socketproxy.EngineCall.Stop;
import dev.lepton.supervisor.socketproxy.EngineCall.Version;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EngineRequestTests {

    private static final Scope SHOP = new Scope("shop");

    static Stream<Arguments> requests() {
        return Stream.of(
                Arguments.of(new Ping(false), "GET /_ping"),
                Arguments.of(new Ping(true), "HEAD /_ping"),
                Arguments.of(new Version(), "GET /version"),
                Arguments.of(
                        new ListContainers(true, List.of()),
                        "GET /containers/json?all=1&filters={\"label\":[\"lepton.unit\",\"com.docker.compose.project=shop\"]}"),
                Arguments.of(
                        new ListContainers(
                                false, List.of("com.docker.compose.project=other", "x&y=\"\r\nz")),
                        "GET /containers/json?all=0&filters={\"label\":[\"lepton.unit\",\"com.docker.compose.project=shop\",\"com.docker.compose.project=other\",\"x&y=\\\"\\r\\nz\"]}"),
                Arguments.of(
                        new Events("1.5", null, List.of("lepton.unit")),
                        "GET /events?since=1.5&filters={\"label\":[\"lepton.unit\",\"com.docker.compose.project=shop\"],\"type\":[\"container\"]}"),
                Arguments.of(
                        new Events(null, "9", List.of()),
                        "GET /events?until=9&filters={\"label\":[\"lepton.unit\",\"com.docker.compose.project=shop\"],\"type\":[\"container\"]}"),
                Arguments.of(new Inspect("a1"), "GET /containers/a1/json"),
                Arguments.of(new Start("a1"), "POST /containers/a1/start"),
                Arguments.of(new Stop("a1", null), "POST /containers/a1/stop"),
                Arguments.of(new Stop("a1", 7), "POST /containers/a1/stop?t=7"),
                Arguments.of(new Restart("a1", 0), "POST /containers/a1/restart?t=0"),
                Arguments.of(
                        new Logs("a1", new Excerpt(true, false, false, false, null, null, null)),
                        "GET /containers/a1/logs?stdout=1&stderr=0&timestamps=0&follow=0&tail=all"),
                Arguments.of(
                        new Logs("a1", new Excerpt(true, true, true, true, "1", "2", 3)),
                        "GET /containers/a1/logs?since=1&until=2&stdout=1&stderr=1&timestamps=1&follow=1&tail=3"));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void eachCallIsWrittenAnew(EngineCall call, String line) {
        EngineRequest request = EngineRequest.of("/v1.41", call, SHOP);

        assertThat(request.method() + " " + decoded(request.target()))
                .isEqualTo(line.replaceFirst(" ", " /v1.41"));
        assertThat(new String(request.bytes(), StandardCharsets.US_ASCII))
                .matches(
                        "(GET|HEAD|POST) [!-~]+ HTTP/1\\.0\r\nHost: engine\r\nUser-Agent: lepton-socket-proxy\r\n(Content-Length: 0\r\n)?\r\n");
    }

    @Test
    void aLabelThatIsAskedForAnywayIsAskedForOnce() {
        EngineRequest request =
                EngineRequest.of("", new ListContainers(false, List.of("lepton.unit")), SHOP);

        assertThat(decoded(request.target()))
                .endsWith("{\"label\":[\"lepton.unit\",\"com.docker.compose.project=shop\"]}");
    }

    private static String decoded(String target) {
        return URLDecoder.decode(target, StandardCharsets.UTF_8);
    }
}
