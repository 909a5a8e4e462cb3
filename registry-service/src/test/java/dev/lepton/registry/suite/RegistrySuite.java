package dev.lepton.registry.suite;

import static dev.lepton.registry.support.RestUnit.code;
import static dev.lepton.registry.support.RestUnit.incarnation;
import static dev.lepton.registry.support.RestUnit.startOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.rest.BearerToken;
import dev.lepton.client.rest.ProtocolJson;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.client.watch.UnitWatch;
import dev.lepton.registry.support.RestUnit;
import dev.lepton.registry.support.RunningRegistry;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestConstructor;
import org.springframework.test.context.TestConstructor.AutowireMode;
import tools.jackson.databind.JsonNode;

/** What the registry does on whichever PostgreSQL it is given. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "management.server.port=0",
            "lepton.lease.heartbeat-interval=200ms",
            "lepton.lease.suspect-after=1500ms",
            "lepton.lease.duration=3s"
        })
@TestConstructor(autowireMode = AutowireMode.ALL)
@DirtiesContext
abstract class RegistrySuite {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String ENCODED = URLEncoder.encode("轻子 Grün", StandardCharsets.UTF_8);

    @TempDir static Path home;

    private final RunningRegistry registry;
    private final JdbcClient jdbc;
    private final String id = "unit-" + UUID.randomUUID();

    RegistrySuite(ConfigurableApplicationContext context) {
        registry = RunningRegistry.of(context);
        jdbc = registry.bean(JdbcClient.class);
    }

    @DynamicPropertySource
    static void useAHomeOfItsOwn(DynamicPropertyRegistry properties) {
        properties.add("lepton.home", home::toString);
    }

    @Test
    void theDatabaseIsThePostgresThatUsersHaveWithChecksums() {
        assertThat(setting("server_version")).startsWith("18.");
        assertThat(setting("data_checksums")).isEqualTo("on");
        assertThat(registry.actuator("/health/readiness").body()).contains("UP");
    }

    @Test
    void unitComesUpByItsFirstBeatAndTheLogTellsBoth() {
        RestUnit unit = startOf(registry, id).up();

        awaitState(unit, UnitState.UP);
        assertThat(logged()).containsExactly("registered", "started");
    }

    @Test
    void registrationIsIdempotentAndASupersededStartIsRefusedForEver() {
        RestUnit first = startOf(registry, id).up();
        assertThat(incarnation(first.register())).isEqualTo(1);
        first.exited(1);

        RestUnit second = first.nextStart();
        assertThat(incarnation(second.register())).isEqualTo(2);

        assertThat(code(first.register())).isEqualTo("superseded");
        assertThat(code(first.beat())).isEqualTo("superseded");
    }

    @Test
    void anotherStartIsRefusedWhileTheHoldersLeaseIsValid() {
        startOf(registry, id).up();

        HttpResponse<String> refused = startOf(registry, id).register();

        assertThat(code(refused)).isEqualTo("in-use");
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void drainedUnitIsTakenBack() {
        RestUnit unit = startOf(registry, id).up();
        awaitState(unit, UnitState.UP);

        assertThat(RestUnit.view(unit.drain()).state()).isEqualTo(UnitState.DRAINING);
        assertThat(RestUnit.view(unit.undrain()).state()).isEqualTo(UnitState.UP);
    }

    @Test
    void silentUnitIsSuspectedAndThenDown() {
        String service = "silent-" + UUID.randomUUID();
        RestUnit unit = startOf(registry, id).of(service).up();
        RestUnit other = startOf(registry, id + "-other").of(service).up();

        await().atMost(LIMIT)
                .until(() -> {
                    other.beat();
                    return unit.state() == UnitState.DOWN;
                });

        assertThat(logged()).endsWith("suspected", "lease-expired");
        assertThat(other.state()).isEqualTo(UnitState.UP);
    }

    @Test
    void exitTakesAUnitDownAtOnceWithItsCode() {
        RestUnit unit = startOf(registry, id).up();

        assertThat(unit.exited(137).statusCode()).isEqualTo(204);

        assertThat(unit.state()).isEqualTo(UnitState.DOWN);
        assertThat(unit.view().reason()).contains("137");
    }

    @Test
    void labelsOfAnyLanguageAreKeptAndFound() {
        startOf(registry, id).labelled(Map.of("team", "轻子 Grün")).up();

        await().atMost(LIMIT)
                .untilAsserted(() ->
                        assertThat(registry.get("/v1/units?label=team=" + ENCODED).body())
                                .contains(id, "轻子 Grün"));
    }

    @Test
    void wishOnAnOlderGenerationIsStale() {
        String path = "/v1/units/" + id + "/desired";
        registry.send("PUT", path, "{\"service\":\"worker\",\"run\":\"stop\"}");

        HttpResponse<String> stale =
                registry.send(
                        "PUT",
                        path,
                        "{\"service\":\"worker\",\"run\":\"run\",\"expectedGeneration\":0}");

        assertThat(code(stale)).isEqualTo("stale-generation");
        assertThat(registry.get(path).body()).contains("\"generation\":1");
    }

    @Test
    void eventsAreNumberedWithoutAGap() {
        startOf(registry, id).up();
        startOf(registry, id + "-b").up();

        JsonNode events =
                ProtocolJson.lenient().readTree(registry.get("/v1/events?limit=1000").body());
        List<Long> revisions =
                events.get("events").valueStream().map(e -> e.get("revision").asLong()).toList();

        assertThat(revisions)
                .isNotEmpty()
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, revisions.size()).boxed().toList());
    }

    @Test
    void watchTellsOfAChangeAtOnce() {
        try (UnitWatch watch =
                new UnitWatch(
                        List.of(registry.uri("")),
                        BearerToken.read(registry.tokenFile()),
                        null,
                        (_, _) -> {})) {
            watch.start();
            RestUnit unit = startOf(registry, id).up();

            await().atMost(LIMIT)
                    .until(() -> {
                        var seen = watch.fleet().units().get(new UnitId(unit.id()));
                        return seen != null && seen.state() == UnitState.UP;
                    });
        }
    }

    private String setting(String name) {
        return jdbc.sql("SELECT current_setting(:name)")
                .param("name", name)
                .query(String.class)
                .single();
    }

    private List<String> logged() {
        return jdbc.sql("SELECT event FROM change_log WHERE unit_id = :id ORDER BY revision")
                .param("id", id)
                .query(String.class)
                .list();
    }

    private static void awaitState(RestUnit unit, UnitState state) {
        await().atMost(LIMIT).until(unit::state, state::equals);
    }
}
