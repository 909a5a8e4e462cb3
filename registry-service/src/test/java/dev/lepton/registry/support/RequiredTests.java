package dev.lepton.registry.support;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.opentest4j.TestAbortedException;

class RequiredTests {

    @Test
    void whatTheMachineHasNotSkipsTheTest() {
        assertThatThrownBy(() -> Required.that(false, false, "needs root"))
                .isInstanceOf(TestAbortedException.class)
                .hasMessageContaining("needs root");
    }

    @Test
    void whatTheMachineHasNotFailsTheTestInTheProfileFull() {
        assertThatThrownBy(() -> Required.that(true, false, "needs root"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("needs root");
    }

    @ParameterizedTest(name = "full: {0}")
    @ValueSource(booleans = {false, true})
    void whatTheMachineHasLetsTheTestRun(boolean full) {
        assertThatCode(() -> Required.that(full, true, "needs root")).doesNotThrowAnyException();
    }
}
