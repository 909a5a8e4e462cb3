package dev.lepton.supervisor;

import static dev.lepton.supervisor.SupervisorProcess.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the supervisor answers over HTTP. */
class ApiIT {

    private static SupervisorProcess supervisor;

    @BeforeAll
    static void startASupervisor(@TempDir Path folder) throws Exception {
        supervisor =
                new SupervisorProcess(
                                folder,
                                """
                                node: here
                                services:
                                  web: { command: [%s], management-port: auto, probe: { path: / }, beater: none }
                                  talker: { command: [sh, -c, 'for i in 1 2 3 4 5; do echo line $i of $$; done; exec sleep 1013'], probe: none }
                                  broken: { command: [sh, -c, exit 78], beater: none }
                                """
                                        .formatted(TinyUnit.command()))
                        .start()
                        .awaitState("web", "UP")
                        .awaitState("talker-1", "UP")
                        .awaitState("broken", "QUARANTINED");
    }

    @AfterAll
    static void stopIt() throws Exception {
        supervisor.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /v1/units",
                "GET /v1/node",
                "POST /v1/stop",
                "POST /v1/units/web/restart",
                "GET /v1/units/web/logs",
                "GET /v1/nothing"
            })
    void withoutTheTokenNothingIsAnswered(String call) throws Exception {
        HttpRequest.Builder request = call(call);

        for (String header :
                List.of(
                        "",
                        "Bearer",
                        "Bearer wrong-wrong-wrong-wrong",
                        "Basic " + supervisor.token(),
                        supervisor.token())) {
            HttpRequest.Builder asked = request.copy();
            if (!header.isEmpty()) {
                asked.header("Authorization", header);
            }
            assertProblem(supervisor.sendWithout(asked), 401, "unauthorized");
        }
        assertThat(supervisor.unit("web").get("restarts").asInt()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    GET /v1/units/nobody                    | 404 | not-found          | no unit 'nobody' on this node
                    POST /v1/units/nobody/restart           | 404 | not-found          | no unit 'nobody' on this node
                    POST /v1/units/nobody/start             | 404 | not-found          | no unit 'nobody' on this node
                    POST /v1/units/nobody/stop              | 404 | not-found          | no unit 'nobody' on this node
                    GET /v1/units/nobody/logs               | 404 | not-found          | no unit 'nobody' on this node
                    GET /v1/units/a%20b                     | 400 | invalid            | unit id 'a b' must be
                    GET /v1/units/a%07b/logs                | 400 | invalid            | unit id 'a?b' must be
                    GET /v1/units/web/logs?lines=-1         | 400 | invalid            | 'lines' -1 must be from 0 to 100000
                    GET /v1/units/web/logs?lines=100001     | 400 | invalid            | 'lines' 100001 must be from 0 to 100000
                    GET /v1/units/web/logs?lines=all        | 400 | invalid            | Failed to convert 'lines'
                    GET /v1/units/web/logs?follow=maybe     | 400 | invalid            | Failed to convert 'follow'
                    GET /v1/units/web/restart               | 405 | method-not-allowed | Method 'GET' is not supported
                    DELETE /v1/units/web                    | 405 | method-not-allowed | Method 'DELETE' is not supported
                    GET /v1/stop                            | 405 | method-not-allowed | Method 'GET' is not supported
                    GET /v1/nothing                         | 404 | not-found          | No static resource
                    """)
    void badInputIsRefusedWithTheRule(String call, int status, String code, String detail)
            throws Exception {
        HttpResponse<String> answer = supervisor.send(call(call));

        assertProblem(answer, status, code);
        assertThat(new JsonMapper().readTree(answer.body()).get("detail").asString())
                .startsWith(detail);
    }

    @Test
    void aBodyThatIsLongerThanAnyCallNeedsIsRefused() throws Exception {
        HttpResponse<String> answer =
                supervisor.send(
                        supervisor
                                .request("/v1/units/web/restart")
                                .POST(
                                        HttpRequest.BodyPublishers.ofByteArray(
                                                new byte[10 * 1024 * 1024])));

        assertProblem(answer, 413, "too-large");
    }

    @Test
    void unitsAreShownWithAllTheirFieldsAlsoTheEmptyOnes() throws Exception {
        JsonNode answer = supervisor.get("/v1/units");
        JsonNode web = supervisor.unit("web");
        JsonNode broken = supervisor.unit("broken");

        assertThat(answer.get("node").asString()).isEqualTo("here");
        assertThat(answer.get("units")).hasSize(3);
        for (JsonNode unit : answer.get("units")) {
            assertThat(unit.propertyNames())
                    .containsExactlyInAnyOrder(
                            "id",
                            "service",
                            "state",
                            "address",
                            "pid",
                            "incarnation",
                            "startId",
                            "managementAddress",
                            "restarts",
                            "since",
                            "reason");
        }
        assertThat(web.get("address").asString()).matches("http://127\\.0\\.0\\.1:\\d+");
        assertThat(web.get("managementAddress").asString()).matches("http://127\\.0\\.0\\.1:\\d+");
        assertThat(ProcessHandle.of(web.get("pid").asLong())).isPresent();
        assertThat(broken.get("reason").asString()).isEqualTo("exit code 78 is not retried");
        assertThat(broken.get("address").isNull()).isTrue();
        assertThat(broken.get("pid").isNull()).isTrue();
        assertThat(broken.get("incarnation").isNull()).isTrue();
    }

    @Test
    void theNodeSaysThatItIsNotReadyWhileAUnitIsGivenUp() throws Exception {
        JsonNode node = supervisor.get("/v1/node");

        assertThat(node.get("node").asString()).isEqualTo("here");
        assertThat(node.get("ready").asBoolean()).isFalse();
        assertThat(node.get("pid").asLong()).isEqualTo(supervisor.process().pid());
        assertThat(node.get("registryUrls")).isEmpty();
        assertThat(node.get("startedAt").asString()).endsWith("Z");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void theNoteNamesTheProcessByWhatNoSettingOfAClockMoves() throws Exception {
        JsonNode note = supervisor.note();
        Path stat = Path.of("/proc", note.get("pid").asString(), "stat");

        assertThat(note.get("bootId").asString())
                .isEqualTo(Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip());
        assertThat(Files.readString(stat).split(" ")[21])
                .isEqualTo(note.get("startTicks").asString());
    }

    @Test
    void theLastLinesOfTheRunAreShown() throws Exception {
        String log = supervisor.send(supervisor.request("/v1/units/talker-1/logs?lines=2")).body();

        assertThat(log.lines()).hasSize(2).first().asString().startsWith("line 4 of ");
    }

    @Test
    void aFollowerSeesTheOutputOfTheNextRunToo() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        HttpClient client = HttpClient.newHttpClient();
        HttpResponse<InputStream> answer =
                client.send(
                        supervisor
                                .request("/v1/units/talker-1/logs?lines=1&follow=true")
                                .header("Authorization", "Bearer " + supervisor.token())
                                .build(),
                        HttpResponse.BodyHandlers.ofInputStream());
        Thread.ofVirtual().start(() -> readInto(answer.body(), seen));
        await().atMost(PATIENCE).until(() -> seen.size() == 1);
        long before = supervisor.unit("talker-1").get("pid").asLong();

        ProcessHandle.of(before).orElseThrow().destroyForcibly();

        await().atMost(PATIENCE).until(() -> seen.size() == 6);
        assertThat(seen.getFirst()).isEqualTo("line 5 of " + before);
        assertThat(seen.get(1)).startsWith("line 1 of ").doesNotEndWith(" " + before);
        answer.body().close();
        client.shutdownNow();
    }

    @Test
    void anOperatorStopsStartsAndRestartsAUnit() throws Exception {
        long first = supervisor.unit("web").get("pid").asLong();
        String address = supervisor.unit("web").get("address").asString();

        assertThat(supervisor.post("/v1/units/web/stop").statusCode()).isEqualTo(202);
        supervisor.awaitState("web", "STOPPED");
        assertThat(supervisor.unit("web").get("address").isNull()).isTrue();

        assertThat(supervisor.post("/v1/units/web/start").statusCode()).isEqualTo(202);
        supervisor.awaitState("web", "UP");
        long second = supervisor.unit("web").get("pid").asLong();

        assertThat(supervisor.post("/v1/units/web/restart").statusCode()).isEqualTo(202);
        await().atMost(PATIENCE)
                .until(() ->
                        supervisor.unit("web").get("state").asString().equals("UP")
                                && supervisor.unit("web").get("pid").asLong() != second);

        assertThat(second).isNotEqualTo(first);
        assertThat(supervisor.unit("web").get("address").asString()).isEqualTo(address);
        assertThat(supervisor.unit("web").get("restarts").asInt()).isZero();
    }

    @Test
    void theActuatorShowsHealthInfoMetricsAndTheBudgets() throws Exception {
        assertThat(supervisor.actuator("health/liveness").get("status").asString()).isEqualTo("UP");
        assertThat(supervisor.actuator("health/readiness").get("status").asString())
                .isEqualTo("OUT_OF_SERVICE");
        assertThat(supervisor.actuatorText("prometheus"))
                .contains("lepton_unit_restarts_total{service=\"web\",unit=\"web\"}");
        JsonNode units = supervisor.actuator("lepton").get("units");
        assertThat(units).hasSize(3);
        assertThat(units.get(0).get("budget").get("intensity").asInt()).isEqualTo(5);
        assertThat(
                        supervisor
                                .sendWithout(
                                        HttpRequest.newBuilder(
                                                URI.create(
                                                        "http://127.0.0.1:"
                                                                + supervisor.managementPort
                                                                + "/actuator/env")))
                                .statusCode())
                .isEqualTo(404);
    }

    @Test
    void infoNamesTheBuildTheJavaAndTheCommit() throws Exception {
        JsonNode info = supervisor.actuator("info");

        assertThat(info.at("/build/version").asString()).matches("\\d+\\.\\d+.*");
        assertThat(info.at("/java/version").asString())
                .startsWith(Integer.toString(Runtime.version().feature()));
        // A checkout without any commit has nothing to name.
        assertThat(info.at("/git/commit/id").isMissingNode())
                .isEqualTo(getClass().getResource("/git.properties") == null);
    }

    @Test
    void theActuatorAnswersThisMachineAlone() throws Exception {
        List<InetAddress> others =
                NetworkInterface.networkInterfaces()
                        .flatMap(NetworkInterface::inetAddresses)
                        .filter(a -> !a.isLoopbackAddress() && !a.isLinkLocalAddress())
                        .toList();

        assertThat(supervisor.actuator("info").isObject()).isTrue();
        for (InetAddress address : others) {
            assertThatThrownBy(() -> new Socket(address, supervisor.managementPort).close())
                    .as("a connection to %s", address)
                    .isInstanceOf(ConnectException.class);
        }
    }

    private static void readInto(InputStream body, List<String> lines) {
        try {
            new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))
                    .lines()
                    .forEach(lines::add);
        } catch (UncheckedIOException _) {
            // The test has seen enough and has closed the body.
        }
    }

    private static HttpRequest.Builder call(String call) throws Exception {
        String[] words = call.split(" ");
        return supervisor.request(words[1]).method(words[0], HttpRequest.BodyPublishers.noBody());
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String code) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type"))
                .contains("application/problem+json");
        JsonNode problem = new JsonMapper().readTree(answer.body());
        assertThat(problem.get("type").asString()).isEqualTo("urn:lepton:problem:" + code);
        assertThat(problem.get("code").asString()).isEqualTo(code);
        assertThat(problem.get("status").asInt()).isEqualTo(status);
        assertThat(problem.get("title").asString()).isNotEmpty();
    }
}
