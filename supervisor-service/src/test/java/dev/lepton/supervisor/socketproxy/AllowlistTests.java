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
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AllowlistTests {

    private static final String ID = "0123456789ab";
    private static final Excerpt WHOLE_LOG =
            new Excerpt(false, false, false, false, null, null, null);

    static Stream<Arguments> allowed() {
        return Stream.of(
                Arguments.of("GET /_ping", new Ping(false)),
                Arguments.of("HEAD /_ping", new Ping(true)),
                Arguments.of("GET /version", new Version()),
                Arguments.of("GET /containers/json", new ListContainers(false, List.of())),
                Arguments.of("GET /containers/json?all=true", new ListContainers(true, List.of())),
                Arguments.of("GET /containers/json?all=1", new ListContainers(true, List.of())),
                Arguments.of("GET /containers/json?all=0", new ListContainers(false, List.of())),
                Arguments.of(
                        "GET /containers/json?filters=" + encoded("{\"label\":[\"a\",\"b=c d\"]}"),
                        new ListContainers(false, List.of("a", "b=c d"))),
                Arguments.of("GET /containers/" + ID + "/json", new Inspect(ID)),
                Arguments.of("GET /containers/a_worker-1.x/json", new Inspect("a_worker-1.x")),
                Arguments.of("POST /containers/" + ID + "/start", new Start(ID)),
                Arguments.of("POST /containers/" + ID + "/stop", new Stop(ID, null)),
                Arguments.of("POST /containers/" + ID + "/stop?t=600", new Stop(ID, 600)),
                Arguments.of("POST /containers/" + ID + "/restart", new Restart(ID, null)),
                Arguments.of("POST /containers/" + ID + "/restart?t=0", new Restart(ID, 0)),
                Arguments.of("GET /containers/" + ID + "/logs", new Logs(ID, WHOLE_LOG)),
                Arguments.of(
                        "GET /containers/"
                                + ID
                                + "/logs?until=4.5&stdout=true&stderr=1&tail=200&since=1&follow=1&timestamps=1",
                        new Logs(ID, new Excerpt(true, true, true, true, "1", "4.5", 200))),
                Arguments.of("GET /events", new Events(null, null, List.of())),
                Arguments.of(
                        "GET /events?since=1.000000001&until=9&filters="
                                + encoded("{\"label\":[\"a\"],\"type\":[\"container\"]}"),
                        new Events("1.000000001", "9", List.of("a"))));
    }

    @ParameterizedTest
    @MethodSource("allowed")
    void aCallThatIsNeededIsAllowed(String line, EngineCall call) {
        assertThat(decide(line)).isEqualTo(new Verdict.Allowed("", call));
    }

    @ParameterizedTest
    @MethodSource("allowed")
    void andWithEachVersionOfTheApiInItsPath(String line, EngineCall call) {
        for (String version : List.of("/v1.9", "/v1.24", "/v1.41", "/v1.99")) {
            assertThat(decide(line.replaceFirst(" ", " " + version)))
                    .isEqualTo(new Verdict.Allowed(version, call));
        }
    }

    static Stream<String> allowedLines() {
        return allowed().map(each -> (String) each.get()[0]);
    }

    @ParameterizedTest
    @MethodSource("allowedLines")
    void anyOtherMethodIsRefusedForThePathOfAnAllowedCall(String line) {
        String method = line.substring(0, line.indexOf(' '));
        for (String other :
                List.of(
                        "GET",
                        "HEAD",
                        "POST",
                        "PUT",
                        "PATCH",
                        "DELETE",
                        "OPTIONS",
                        "TRACE",
                        "CONNECT",
                        "get",
                        "post",
                        "Get",
                        "PRI",
                        "M-SEARCH")) {
            String written = other + line.substring(method.length());
            if (allowedLines().noneMatch(written::equals)) {
                refused(written);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("allowedLines")
    void anyOtherWritingOfAnAllowedPathIsRefused(String line) {
        String method = line.substring(0, line.indexOf(' ') + 1);
        String target = line.substring(line.indexOf(' ') + 1);
        String path = target.replaceFirst("\\?.*", "");
        String query = target.substring(path.length());
        Stream.of(
                        path.toUpperCase(Locale.ROOT).replace("/_PING", "/_Ping"),
                        path.replaceFirst("/", "//"),
                        path + "/",
                        path + "//",
                        path + "/.",
                        path + "/..",
                        "/." + path,
                        "/x/.." + path,
                        "/containers/.." + path,
                        "/%2e" + path,
                        "/%2E%2e" + path,
                        path.replaceFirst("/", "/%2f"),
                        path.replaceFirst("/", "%2f"),
                        path.replaceFirst("/", "%2F"),
                        path.substring(0, path.length() - 1)
                                + "%%%02x".formatted((int) path.charAt(path.length() - 1)),
                        path + "%00",
                        path + "%0d%0a",
                        path + ";a=b",
                        path + "#x",
                        path + "\\",
                        path.substring(1),
                        "http://engine:2375" + path,
                        "HTTP://engine" + path,
                        "//engine" + path,
                        "*",
                        "/V1.41" + path,
                        "/v1.041" + path,
                        "/v01.41" + path,
                        "/v1." + path,
                        "/v1" + path,
                        "/v1.0" + path,
                        "/v1.100" + path,
                        "/v2.0" + path,
                        "/v1.41.1" + path,
                        "/v1.4a" + path,
                        "/v-1.41" + path,
                        "/1.41" + path,
                        "/v1%2e41" + path,
                        "/v1.41/v1.41" + path,
                        "/v1.41/" + path,
                        "/v1.41%2f" + path.substring(1))
                .forEach(other -> refused(method + other + query));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /containers/create",
                "POST /containers/create?name=x",
                "POST /containers/prune",
                "POST /containers/ID/kill",
                "POST /containers/ID/kill?signal=QUIT",
                "POST /containers/ID/pause",
                "POST /containers/ID/unpause",
                "POST /containers/ID/rename?name=x",
                "POST /containers/ID/update",
                "POST /containers/ID/attach",
                "POST /containers/ID/exec",
                "POST /containers/ID/resize",
                "POST /containers/ID/wait",
                "POST /containers/ID/copy",
                "POST /containers/ID/checkpoints",
                "GET /containers/ID/top",
                "GET /containers/ID/stats",
                "GET /containers/ID/changes",
                "GET /containers/ID/export",
                "GET /containers/ID/archive?path=/",
                "HEAD /containers/ID/archive?path=/",
                "PUT /containers/ID/archive?path=/",
                "GET /containers/ID/attach/ws",
                "DELETE /containers/ID",
                "GET /containers/ID",
                "GET /containers/",
                "GET /containers//json",
                "GET /containers/./json",
                "GET /containers/../json",
                "GET /containers/-x/json",
                "GET /containers/ID/json/x",
                "POST /exec/ID/start",
                "POST /exec/ID/resize",
                "GET /exec/ID/json",
                "GET /images/json",
                "POST /images/create?fromImage=x",
                "GET /images/x/json",
                "GET /images/get",
                "POST /images/load",
                "DELETE /images/x",
                "POST /build",
                "POST /commit?container=ID",
                "GET /volumes",
                "POST /volumes/create",
                "DELETE /volumes/x",
                "GET /networks",
                "POST /networks/create",
                "POST /networks/x/connect",
                "GET /info",
                "GET /system/df",
                "POST /auth",
                "POST /session",
                "POST /grpc",
                "GET /plugins",
                "POST /plugins/pull",
                "GET /swarm",
                "POST /swarm/init",
                "GET /nodes",
                "GET /services",
                "GET /tasks",
                "GET /secrets",
                "POST /secrets/create",
                "GET /configs",
                "GET /distribution/x/json",
                "GET /",
                "GET /v1.41",
                "GET /v1.41/",
                "GET /_ping/",
                "GET /ping",
                "GET /metrics"
            })
    void everyOtherCallOfTheEngineIsRefused(String line) {
        refused(line.replace("ID", ID));
        refused(line.replace("ID", ID).replaceFirst(" ", " /v1.41"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /_ping?x=1",
                "GET /_ping?",
                "GET /version?",
                "GET /version?platform=x",
                "GET /containers/json?",
                "GET /containers/json?all",
                "GET /containers/json?all=",
                "GET /containers/json?all=yes",
                "GET /containers/json?all=TRUE",
                "GET /containers/json?all=1&all=1",
                "GET /containers/json?All=1",
                "GET /containers/json?%61ll=1",
                "GET /containers/json?all=1&",
                "GET /containers/json?&all=1",
                "GET /containers/json?all=1;size=1",
                "GET /containers/json?size=1",
                "GET /containers/json?limit=1",
                "GET /containers/json?since=x",
                "GET /containers/json?filters=",
                "GET /containers/json?filters=%",
                "GET /containers/json?filters=%7",
                "GET /containers/json?filters=%zz",
                "GET /containers/json?filters=%ff",
                "GET /containers/json?filters={}&filters={}",
                "GET /containers/ID/json?size=1",
                "GET /containers/ID/json?",
                "POST /containers/ID/start?detachKeys=ctrl-c",
                "POST /containers/ID/start?checkpoint=x",
                "POST /containers/ID/stop?t=-1",
                "POST /containers/ID/stop?t=601",
                "POST /containers/ID/stop?t=1e1",
                "POST /containers/ID/stop?t=",
                "POST /containers/ID/stop?t=99999999999999999999",
                "POST /containers/ID/stop?t=1&t=2",
                "POST /containers/ID/stop?signal=QUIT",
                "POST /containers/ID/restart?t=-1",
                "POST /containers/ID/restart?t=601",
                "POST /containers/ID/restart?signal=QUIT",
                "GET /containers/ID/logs?details=1",
                "GET /containers/ID/logs?tail=-1",
                "GET /containers/ID/logs?tail=100001",
                "GET /containers/ID/logs?tail=ALL",
                "GET /containers/ID/logs?since=-1",
                "GET /containers/ID/logs?since=2026-01-01T00:00:00Z",
                "GET /containers/ID/logs?until=1.0000000001",
                "GET /containers/ID/logs?until=12345678901",
                "GET /containers/ID/logs?stdout=2",
                "GET /events?since=x",
                "GET /events?until=10m",
                "GET /events?follow=1"
            })
    void aParameterThatIsUnknownTwiceOrOutOfItsBoundsIsRefused(String line) {
        refused(line.replace("ID", ID));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "null",
                "1",
                "\"label\"",
                "{",
                "{}{}",
                "{\"label\":\"a\"}",
                "{\"label\":{}}",
                "{\"label\":{\"a\":true}}",
                "{\"label\":[1]}",
                "{\"label\":[null]}",
                "{\"label\":[[\"a\"]]}",
                "{\"label\":null}",
                "{\"label\":[\"a\"],\"label\":[\"b\"]}",
                "{\"Label\":[\"a\"]}",
                "{\"label!\":[\"a\"]}",
                "{\"name\":[\"a\"]}",
                "{\"id\":[\"a\"]}",
                "{\"status\":[\"exited\"]}",
                "{\"volume\":[\"/\"]}",
                "{\"type\":[\"image\"]}",
                "{\"type\":[\"container\",\"image\"]}",
                "{\"type\":[]}",
                "{\"event\":[\"exec_create\"]}"
            })
    void aFilterOtherThanAListOfLabelsIsRefused(String filters) {
        refused("GET /containers/json?filters=" + encoded(filters));
        refused("GET /events?filters=" + encoded(filters));
    }

    @Test
    void theTypeIsNoFilterOfContainers() {
        refused("GET /containers/json?filters=" + encoded("{\"type\":[\"container\"]}"));
    }

    static Stream<Map<String, List<String>>> bodiesAndUpgrades() {
        return Stream.of(
                Map.of("content-length", List.of("1")),
                Map.of("content-length", List.of("01")),
                Map.of("transfer-encoding", List.of("chunked")),
                Map.of("transfer-encoding", List.of("identity")),
                Map.of("transfer-encoding", List.of("")),
                Map.of("expect", List.of("100-continue")),
                Map.of("upgrade", List.of("tcp")),
                Map.of("upgrade", List.of("h2c")),
                Map.of("connection", List.of("Upgrade")),
                Map.of("connection", List.of("keep-alive, uPGRADE")),
                Map.of("connection", List.of("keep-alive", "upgrade")));
    }

    @ParameterizedTest
    @MethodSource("bodiesAndUpgrades")
    void aBodyOrAnUpgradeIsRefused(Map<String, List<String>> headers) {
        for (String target : List.of("POST /containers/x/start", "GET /events")) {
            RequestHead request =
                    new RequestHead(target.split(" ")[0], target.split(" ")[1], headers);

            assertThat(Allowlist.decide(request)).isInstanceOf(Verdict.Refused.class);
        }
    }

    @Test
    void theHeadersOfAnOrdinaryClientAreNone() {
        RequestHead request =
                new RequestHead(
                        "POST",
                        "/containers/x/restart",
                        Map.of(
                                "content-length", List.of("0"),
                                "content-type", List.of("application/json"),
                                "accept-encoding", List.of("gzip, x-gzip, deflate"),
                                "connection", List.of("keep-alive"),
                                "host", List.of("engine:2375")));

        assertThat(Allowlist.decide(request))
                .isEqualTo(new Verdict.Allowed("", new Restart("x", null)));
    }

    private static void refused(String line) {
        assertThat(decide(line)).as(line).isInstanceOf(Verdict.Refused.class);
    }

    private static Verdict decide(String line) {
        int space = line.indexOf(' ');
        return Allowlist.decide(
                new RequestHead(line.substring(0, space), line.substring(space + 1), Map.of()));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
