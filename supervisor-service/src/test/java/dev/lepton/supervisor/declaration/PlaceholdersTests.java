package dev.lepton.supervisor.declaration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PlaceholdersTests {

    @Test
    void everyPlaceholderOfATextIsFilledInOnce() {
        assertThat(
                        Placeholders.resolve(
                                "${home}/x-${unit}:${port} $5 ${home}",
                                Map.of("home", "/a $1\\", "unit", "${port}", "port", "80")))
                .isEqualTo("/a $1\\/x-${port}:80 $5 /a $1\\");
    }

    @Test
    void environmentVariablesAreFilledInFirstAndTheRestIsLeft() {
        assertThat(Placeholders.resolveEnvironment("${env:A}${port}", Map.of("A", "x$0")))
                .isEqualTo("x$0${port}");
    }

    @Test
    void aPlaceholderWithoutAValueIsNeverPassedOn() {
        assertThatThrownBy(() -> Placeholders.resolve("${port}", Map.of()))
                .hasMessage("placeholder ${port} has no value here");
    }
}
