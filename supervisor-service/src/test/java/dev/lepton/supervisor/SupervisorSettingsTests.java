package dev.lepton.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class SupervisorSettingsTests {

    @Test
    void theDefaultsNeedNothingButAFileInTheWorkingDirectory() {
        assertThat(bound(Map.of()))
                .isEqualTo(new SupervisorSettings("lepton.yml", ".lepton", null, 2, null));
    }

    @Test
    void everySettingHasItsEnvironmentVariable() {
        assertThat(
                        bound(
                                Map.of(
                                        "LEPTON_FILE", "other.yml",
                                        "LEPTON_HOME", "/var/lepton",
                                        "LEPTON_TOKEN_FILE", "/run/token",
                                        "LEPTON_START_CONCURRENCY", "4")))
                .isEqualTo(
                        new SupervisorSettings("other.yml", "/var/lepton", "/run/token", 4, null));
    }

    private static SupervisorSettings bound(Map<String, Object> variables) {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .replace(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        new SystemEnvironmentPropertySource(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                                variables));
        ConfigurationPropertySources.attach(environment);
        return Binder.get(environment).bindOrCreate("lepton", SupervisorSettings.class);
    }
}
