package dev.lepton.registry.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class PostgresSettingsTests {

    @Test
    void registryStartsItsServerUnlessItIsToldNotTo() {
        assertThat(bound(Map.of())).isEqualTo(new PostgresSettings(true, Duration.ofSeconds(60)));
        assertThat(bound(Map.of("lepton.postgres.start", "false")).start()).isFalse();
    }

    @Test
    void attachingWithoutTimeIsRefused() {
        assertThatThrownBy(() -> bound(Map.of("lepton.postgres.attach-timeout", "0s")))
                .rootCause()
                .hasMessage("'lepton.postgres.attach-timeout' PT0S must be positive");
    }

    private static PostgresSettings bound(Map<String, String> set) {
        return new Binder(new MapConfigurationPropertySource(set))
                .bindOrCreate("lepton.postgres", Bindable.of(PostgresSettings.class));
    }
}
