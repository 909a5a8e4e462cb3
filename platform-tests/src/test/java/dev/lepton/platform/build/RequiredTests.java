package dev.lepton.platform.build;

import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.opentest4j.TestAbortedException;

class RequiredTests {

    @Test
    void whatIsMissingSkipsTheTest() {
        assertThatThrownBy(() -> Required.that(false, "there is no mvn", false))
                .isInstanceOf(TestAbortedException.class)
                .hasMessageContaining("there is no mvn");
    }

    @Test
    void whatIsMissingFailsTheTestInAFullRun() {
        assertThatThrownBy(() -> Required.that(false, "there is no mvn", true))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("there is no mvn");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsThereLetsTheTestRun(boolean full) {
        assertThatNoException().isThrownBy(() -> Required.that(true, "there is no mvn", full));
    }
}
