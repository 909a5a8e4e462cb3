package dev.lepton.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class SampleSettingsTests {

    @Test
    void aValueThatIsNeitherTrueNorFalseStopsTheStart() {
        new ApplicationContextRunner()
                .withUserConfiguration(Settings.class)
                .withPropertyValues("lepton.sample.chaos=ture")
                .run(context ->
                        assertThat(context)
                                .getFailure()
                                .rootCause()
                                .hasMessageContaining("'ture'"));
    }

    @EnableConfigurationProperties(SampleSettings.class)
    static class Settings {}
}
