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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DatabaseAwayIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension static final FreshDatabase database = FreshDatabase.migrated();

    @Test
    void beatsAreAnsweredFromMemoryAndNobodyIsEvictedWhilePostgresIsAway() {
        try (RunningRegistry registry = RunningRegistry.start(database)) {
            RestUnit unit = startOf(registry, "worker-1").up();
            startOf(registry, "worker-2").up();
            await().atMost(PATIENCE).until(() -> unit.state() == UnitState.UP);
            await().atMost(PATIENCE).until(() -> unit.beat().body().contains("\"stored\":true"));

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
            } finally {
                postgresIsBack();
            }

            await().atMost(PATIENCE).until(() -> unit.beat().body().contains("\"stored\":true"));
            assertThat(
                            database.jdbc()
                                    .sql("SELECT event FROM change_log")
                                    .query(String.class)
                                    .list())
                    .doesNotContain("lease-expired", "preserving");
        }
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
