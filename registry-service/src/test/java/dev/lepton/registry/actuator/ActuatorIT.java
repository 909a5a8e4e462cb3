package dev.lepton.registry.actuator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lepton.registry.support.FreshDatabase;
import dev.lepton.registry.support.Required;
import dev.lepton.registry.support.RestUnit;
import dev.lepton.registry.support.RunningRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Properties;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ActuatorIT {

    @RegisterExtension static final FreshDatabase database = FreshDatabase.empty();

    private static RunningRegistry registry;

    @BeforeAll
    static void start() {
        // So long that the unit of a test does not fall silent.
        registry =
                RunningRegistry.start(
                        database, "lepton.lease.suspect-after=5m", "lepton.lease.duration=10m");
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    @Test
    void livenessKnowsNothingOfTheDatabaseAndReadinessDoes() {
        assertThat(registry.actuator("/health/liveness").body())
                .contains("livenessState")
                .doesNotContain("\"db\"");
        assertThat(registry.actuator("/health/readiness").body())
                .contains("readinessState", "\"db\"");
    }

    @Test
    void showsItsOwnState() {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> {
                    JsonNode state = json("/lepton");
                    assertThat(state.get("leader").asBoolean()).isTrue();
                    assertThat(state.get("epoch").asLong()).isPositive();
                    assertThat(state.get("revision").asLong()).isNotNegative();
                    assertThat(state.get("flushAgeMillis").asLong()).isLessThan(5000);
                });
    }

    @Test
    void countsTheUnitsByState() {
        RestUnit.startOf(registry, "worker-1").register();
        RestUnit.startOf(registry, "worker-2").up();
        RestUnit.startOf(registry, "worker-3").up();

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> {
                    JsonNode state = json("/lepton");
                    assertThat(state.get("units").asInt()).isEqualTo(3);
                    assertThat(state.get("unitsByState"))
                            .isEqualTo(JsonMapper.shared().readTree("{\"STARTING\":1,\"UP\":2}"));
                });
    }

    @Test
    void showsItsLeasesWatchersAndBuffersAndPrometheusReadsThem() {
        RestUnit.startOf(registry, "worker-1").register();

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> {
                    JsonNode state = json("/lepton");
                    assertThat(state.at("/leases/watched").asInt()).isPositive();
                    assertThat(state.at("/leases/stretched").asInt()).isEqualTo(1);
                    assertThat(state.at("/leases/intervalsStretched").asInt()).isEqualTo(1);
                    assertThat(state.at("/watch/watchers").isInt()).isTrue();
                    assertThat(state.at("/watch/closedAsSlow").asLong()).isZero();
                    assertThat(state.at("/buffers/changes").asInt()).isPositive();
                    assertThat(state.at("/buffers/changeBytes").asLong()).isPositive();
                    assertThat(state.at("/buffers/unflushedBeats").isInt()).isTrue();
                    assertThat(state.at("/buffers/waitingWrites").isInt()).isTrue();
                });
        assertThat(registry.actuator("/prometheus").body())
                .contains(
                        "lepton_beats_unflushed ",
                        "lepton_epoch ",
                        "lepton_flush_age_seconds ",
                        "lepton_lag_seconds ",
                        "lepton_leader 1.0",
                        "lepton_leases ",
                        "lepton_loop_late_total{loop=\"lease-sweep\"}",
                        "lepton_revision ",
                        "lepton_stretch_intervals 1.0",
                        "lepton_stretch_leases 1.0",
                        "lepton_units{state=\"UP\"}",
                        "lepton_watch_slow_total ",
                        "lepton_watch_watchers ",
                        "lepton_writes_waiting ");
    }

    @Test
    void infoSaysVersionAndJava() {
        JsonNode info = json("/info");

        assertThat(info.at("/java/version").asString()).startsWith("25");
        assertThat(info.at("/build/version").asString()).isNotEmpty();
    }

    @Test
    void infoSaysTheCommitThatWasBuiltIfThereWasOne() throws IOException {
        Properties git = new Properties();
        try (InputStream stored = getClass().getResourceAsStream("/git.properties")) {
            if (stored != null) {
                git.load(stored);
            }
        }

        assertThat(json("/info").at("/git/commit/id").asString(null))
                .isEqualTo(git.getProperty("git.commit.id.abbrev"));
    }

    @Test
    void isReachedFromThisMachineAlone() throws Exception {
        InetAddress outer = addressThatOthersReach();
        Required.that(outer != null, "needs an address besides those of loopback");

        try (Socket socket = new Socket()) {
            assertThatThrownBy(() ->
                            socket.connect(
                                    new InetSocketAddress(outer, registry.actuatorPort()), 5000))
                    .isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void prometheusReads() {
        assertThat(registry.actuator("/prometheus").body()).contains("jvm_threads_live_threads");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/env",
                "/beans",
                "/heapdump",
                "/shutdown",
                "/loggers",
                "/threaddump",
                "/configprops",
                "/mappings",
                "/flyway"
            })
    void nothingElseIsExposed(String endpoint) {
        assertThat(registry.actuator(endpoint).statusCode()).isEqualTo(404);
    }

    @Test
    void nothingCanBeChanged() {
        var post =
                HttpRequest.newBuilder(
                                URI.create(
                                        "http://127.0.0.1:"
                                                + registry.actuatorPort()
                                                + "/actuator/lepton"))
                        .POST(BodyPublishers.noBody());

        assertThat(registry.send(post).statusCode()).isEqualTo(405);
    }

    @Test
    void theDescriptionNamesEveryPathTheTokenAndTheProblem() {
        JsonNode api = JsonMapper.shared().readTree(registry.get("/v3/api-docs").body());

        assertThat(new TreeSet<>(api.get("paths").propertyNames()))
                .contains(
                        "/v1/events",
                        "/v1/heartbeats",
                        "/v1/services",
                        "/v1/units",
                        "/v1/units/{id}",
                        "/v1/units/{id}/desired",
                        "/v1/units/{id}/drain",
                        "/v1/units/{id}/exit",
                        "/v1/units/{id}/heartbeat",
                        "/v1/units/{id}/undrain",
                        "/v1/watch")
                .allMatch(path -> path.startsWith("/v1/"));
        assertThat(api.at("/info/title").asString()).isEqualTo("Lepton registry");
        assertThat(api.at("/info/version").asString()).isNotEmpty();
        assertThat(api.at("/components/securitySchemes/token/scheme").asString())
                .isEqualTo("bearer");
        api.get("paths")
                .forEach(path ->
                        path.forEach(operation ->
                                assertThat(
                                                operation.at(
                                                        "/responses/default/content/application~1problem+json/schema/$ref"))
                                        .asString()
                                        .contains("Problem")));
    }

    private static @Nullable InetAddress addressThatOthersReach() throws SocketException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(Inet4Address.class::isInstance)
                .filter(address -> !address.isLoopbackAddress())
                .findFirst()
                .orElse(null);
    }

    private static JsonNode json(String path) {
        return JsonMapper.shared().readTree(registry.actuator(path).body());
    }
}
