package dev.lepton.registry.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/** Migrations only add, so that the version before works beside the one that has migrated. */
class MigrationsTests {

    /** What the version before can live with, and why. */
    private static final Map<String, String> ALLOWED =
            Map.of("V6__evidence.sql", "a check that is replaced by a wider one");

    static Stream<Resource> migrations() throws IOException {
        return Arrays.stream(
                new PathMatchingResourcePatternResolver()
                        .getResources("classpath:db/migration/*.sql"));
    }

    @ParameterizedTest
    @MethodSource("migrations")
    void migrationTakesNothingAway(Resource migration) throws IOException {
        boolean allowed = ALLOWED.containsKey(String.valueOf(migration.getFilename()));

        var found = Contractions.in(migration.getContentAsString(StandardCharsets.UTF_8));

        if (allowed) {
            assertThat(found).as("what the exception is for").isNotEmpty();
        } else {
            assertThat(found).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DROP TABLE unit",
                "ALTER TABLE unit DROP COLUMN zone",
                "alter table unit\n    rename column zone to area",
                "ALTER TABLE unit ALTER COLUMN weight TYPE bigint",
                "ALTER TABLE unit ALTER weight SET DATA TYPE bigint",
                "ALTER TABLE unit ALTER COLUMN zone SET NOT NULL",
                "ALTER TABLE unit ADD COLUMN area text NOT NULL",
                "ALTER TABLE unit ADD COLUMN a int NOT NULL DEFAULT 0, ADD COLUMN b int NOT NULL",
                "ALTER TABLE unit ADD CONSTRAINT small CHECK (weight < 10)",
                "CREATE UNIQUE INDEX one_host ON unit (host)",
                "DELETE FROM unit",
                "TRUNCATE change_log",
            })
    void whatTakesSomethingAwayIsFound(String statement) {
        assertThat(Contractions.in("-- why\nSELECT 1;\n" + statement + ";")).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TABLE area (name text NOT NULL UNIQUE)",
                "ALTER TABLE unit ADD COLUMN area text",
                "ALTER TABLE unit ADD COLUMN area int NOT NULL DEFAULT 0",
                "ALTER TABLE unit ALTER COLUMN node DROP NOT NULL",
                "CREATE INDEX by_host ON unit (host)",
                "SELECT 1 -- DROP TABLE unit",
            })
    void whatAddsIsNotFound(String statement) {
        assertThat(Contractions.in(statement + ";")).isEmpty();
    }
}
