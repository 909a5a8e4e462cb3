package dev.lepton.registry.heartbeat;

import static dev.lepton.registry.support.RestUnit.code;
import static dev.lepton.registry.support.RestUnit.startOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.unit.UnitState;
import dev.lepton.registry.support.FreshDatabase;
import dev.lepton.registry.support.RestUnit;
import dev.lepton.registry.support.RunningRegistry;
import dev.lepton.registry.support.TestPostgres;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DatabaseAwayIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration SUSPECT_AFTER = Duration.ofSeconds(2);
    private static final Duration LEASE = Duration.ofSeconds(4);

    @RegisterExtension static final FreshDatabase database = FreshDatabase.migrated();

    @Test
    void beatsAreAnsweredFromMemoryAndNobodyIsEvictedWhilePostgresIsAway() {
        try (RunningRegistry registry =
                RunningRegistry.start(
                        database,
                        "lepton.lease.heartbeat-interval=200ms",
                        "lepton.lease.sweep-interval=50ms",
                        "lepton.lease.suspect-after=" + SUSPECT_AFTER.toMillis() + "ms",
                        "lepton.lease.duration=" + LEASE.toMillis() + "ms")) {
            RestUnit unit = startOf(registry, "worker-1").up();
            startOf(registry, "worker-2").up();
            await().atMost(PATIENCE).until(() -> unit.state() == UnitState.UP);
            await().atMost(PATIENCE).until(() -> unit.beat().body().contains("\"stored\":true"));

            Instant back;
            postgresIsAway();
            try {
                await().atMost(PATIENCE)
                        .until(() -> unit.beat().body().contains("\"stored\":false"));
                assertThat(unit.beat().statusCode()).isEqualTo(200);
                assertThat(unit.state()).isEqualTo(UnitState.UP);
                assertAway(startOf(registry, "worker-3").register());
                assertAway(startOf(registry, "worker-3").beat());
                assertAway(startOf(registry, "worker-1").beat());
                assertThat(registry.get("/v1/units").statusCode()).isEqualTo(200);
                await().during(LEASE.plusSeconds(1))
                        .atMost(PATIENCE)
                        .until(() -> unit.state() == UnitState.UP);
            } finally {
                back = Instant.now();
                postgresIsBack();
            }

            await().atMost(PATIENCE).until(() -> unit.beat().body().contains("\"stored\":true"));
            // Both have been silent for longer than their lease; only from now on it counts.
            await().atMost(PATIENCE).until(() -> first("suspected") != null);
            assertThat(first("suspected")).isAfterOrEqualTo(back.plus(SUSPECT_AFTER));
        }
    }

    private static @Nullable Instant first(String event) {
        return database.jdbc()
                .sql("SELECT at FROM change_log WHERE event = :event ORDER BY revision LIMIT 1")
                .param("event", event)
                .query(Instant.class)
                .optional()
                .orElse(null);
    }

    private static void assertAway(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        assertThat(code(answer)).isEqualTo("database-away");
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
    }

    private static void postgresIsAway() {
        TestPostgres.shared()
                .execute(
                        "ALTER DATABASE " + name() + " WITH ALLOW_CONNECTIONS false",
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"
                                + name()
                                + "'");
    }

    private static void postgresIsBack() {
        TestPostgres.shared().execute("ALTER DATABASE " + name() + " WITH ALLOW_CONNECTIONS true");
    }

    private static String name() {
        return database.url().substring(database.url().lastIndexOf('/') + 1);
    }
}
