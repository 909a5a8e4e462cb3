package dev.lepton.worker.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ChaosIT {

    private static final Duration SOON = Duration.ofSeconds(30);

    @Test
    void aSlowOrFailingWorkerRecoversWhenItsTimeIsOver() throws Exception {
        try (RunningWorker worker = new RunningWorker()) {
            assertThat(worker.post("/chaos/errors?ratio=1&for=PT2S").statusCode()).isEqualTo(202);
            assertThat(worker.get("/hello").statusCode()).isEqualTo(503);
            await().atMost(SOON).until(() -> worker.get("/hello").statusCode() == 200);

            worker.post("/chaos/slow?delay=PT1.5S&for=PT3S");
            long begun = System.nanoTime();
            assertThat(worker.get("/hello").statusCode()).isEqualTo(200);
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isGreaterThanOrEqualTo(Duration.ofMillis(1500));

            for (String wrong :
                    new String[] {
                        "errors?ratio=1.5",
                        "errors?ratio=-1",
                        "errors?ratio=x",
                        "slow?delay=-PT1S",
                        "slow?for=P2D",
                        "slow?delay=soon",
                        "crash?code=256",
                        "crash?code=-1"
                    }) {
                assertThat(worker.post("/chaos/" + wrong).statusCode()).as(wrong).isEqualTo(400);
            }
            assertThat(worker.actuator("/health/liveness").body()).contains("UP");
            assertThat(worker.actuator("/health/readiness").body()).contains("UP");
            assertInfoNamesBuildJavaAndCommit(worker.actuator("/info").body());
            assertOnlyLoopbackReaches(worker.managementPort());
            assertThat(worker.actuator("/prometheus").body())
                    .contains("http_server_requests_seconds");
            assertThat(worker.actuator("/env").statusCode()).isEqualTo(404);
        }
    }

    private static void assertInfoNamesBuildJavaAndCommit(String body) {
        JsonNode info = JsonMapper.shared().readTree(body);
        assertThat(info.at("/build/version").asString()).matches("\\d+\\.\\d+.*");
        assertThat(info.at("/java/version").asString())
                .startsWith(Integer.toString(Runtime.version().feature()));
        // A checkout without any commit has nothing to name.
        assertThat(info.at("/git/commit/id").isMissingNode())
                .isEqualTo(ChaosIT.class.getResource("/git.properties") == null);
    }

    private static void assertOnlyLoopbackReaches(int port) throws SocketException {
        List<InetAddress> others =
                NetworkInterface.networkInterfaces()
                        .flatMap(NetworkInterface::inetAddresses)
                        .filter(a -> !a.isLoopbackAddress() && !a.isLinkLocalAddress())
                        .toList();
        for (InetAddress address : others) {
            assertThatThrownBy(() -> new Socket(address, port).close())
                    .as("a connection to %s", address)
                    .isInstanceOf(ConnectException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hang", "deadlock"})
    void aHungWorkerAcceptsAndNeverAnswersAndKnowsIt(String fault) throws Exception {
        try (RunningWorker worker = new RunningWorker()) {
            await().atMost(SOON)
                    .until(() ->
                            worker.actuator("/lepton").body().contains("\"selfCheck\":\"ok\""));

            assertThat(worker.post("/chaos/" + fault).statusCode()).isEqualTo(202);

            await().atMost(SOON)
                    .until(() ->
                            worker.actuator("/lepton")
                                    .body()
                                    .contains("\"selfCheck\":\"unanswered\""));
            assertThatThrownBy(() -> worker.get("/hello")).isInstanceOf(HttpTimeoutException.class);
            assertThatThrownBy(() -> worker.get("/lepton/self-check"))
                    .isInstanceOf(HttpTimeoutException.class);
            assertThat(worker.actuator("/health/liveness").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aCrashedWorkerEndsAtOnceWithTheCodeThatWasAskedFor() throws Exception {
        try (RunningWorker worker = new RunningWorker()) {
            assertThat(worker.post("/chaos/crash?code=7").statusCode()).isEqualTo(202);

            assertThat(worker.exitCode()).isEqualTo(7);
        }
    }

    @Test
    void aLeakingWorkerRunsOutOfMemory() throws Exception {
        try (RunningWorker worker =
                new RunningWorker("-Xmx96m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError")) {
            assertThat(worker.post("/chaos/leak").statusCode()).isEqualTo(202);

            assertThat(worker.exitCode()).isEqualTo(3);
        }
    }
}
