package dev.lepton.registry.support;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SharedPostgresIT {

    @RegisterExtension static final FreshDatabase database = FreshDatabase.migrated();

    @Test
    void eachTestClassHasARealPostgresOfItsOwn() {
        String version = database.jdbc().sql("SELECT version()").query(String.class).single();

        assertThat(version).startsWith("PostgreSQL 18.");
    }

    @Test
    void theRegistryStartsOnIt() {
        try (RunningRegistry registry = RunningRegistry.start(database)) {
            assertThat(registry.actuator("/health/readiness").body()).contains("UP");
        }
    }
}
