package dev.lepton.registry.outage;

import static dev.lepton.registry.support.RestUnit.startOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.unit.UnitState;
import dev.lepton.registry.support.FreshDatabase;
import dev.lepton.registry.support.RestUnit;
import dev.lepton.registry.support.RunningRegistry;
import java.time.Duration;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A registry beside one of a later version, which has migrated the database that both use. */
class OnSuccessorsSchemaIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension static final FreshDatabase database = FreshDatabase.empty();

    @Test
    void registryGoesOnWhenItsSuccessorMigratesAndStartsOnThatSchema() {
        try (RunningRegistry registry = RunningRegistry.start(database)) {
            RestUnit unit = startOf(registry, "worker-1").up();
            await().atMost(PATIENCE).until(unit::state, UnitState.UP::equals);

            migrateAsItsSuccessor(registry);

            assertWorks(registry, "while it runs");
            assertThat(unit.beat().statusCode()).isEqualTo(200);
        }
        try (RunningRegistry again = RunningRegistry.start(database)) {
            assertWorks(again, "after its start");
        }
    }

    private static void migrateAsItsSuccessor(RunningRegistry registry) {
        Flyway.configure()
                .configuration(registry.bean(Flyway.class).getConfiguration())
                .locations("classpath:db/migration", "classpath:db/successor")
                .load()
                .migrate();
    }

    private static void assertWorks(RunningRegistry registry, String when) {
        String id = "unit-" + when.replace(' ', '-');
        RestUnit first = startOf(registry, id).on("node-1").up();
        await().atMost(PATIENCE).until(first::state, UnitState.UP::equals);
        assertThat(first.drain().statusCode()).as(when).isLessThan(300);
        assertThat(first.undrain().statusCode()).as(when).isLessThan(300);
        assertThat(first.exited(137).statusCode()).as(when).isLessThan(300);
        RestUnit second = first.nextStart().up();
        await().atMost(PATIENCE).until(second::state, UnitState.UP::equals);
        assertThat(second.deregister().statusCode()).as(when).isLessThan(300);
        await().atMost(PATIENCE)
                .until(() -> registry.get("/v1/incidents").body().contains(first.start() + ""));
        await().atMost(PATIENCE)
                .until(() -> registry.actuator("/lepton").body().contains("\"leader\":true"));
        assertThat(database.logged(id)).as(when).hasSizeGreaterThan(5);
        assertThat(
                        database.jdbc()
                                .sql("SELECT DISTINCT later_counted FROM change_log")
                                .query(Integer.class)
                                .single())
                .as("what the later version counts by default")
                .isEqualTo(7);
    }
}
