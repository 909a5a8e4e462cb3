package dev.lepton.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OptionsTests {

    private static final Map<String, String> DEFAULTS = Map.of("--rounds", "3", "--rate", "1000");

    @Test
    void whatIsNotGivenIsAsByDefault() {
        Options options = new Options(DEFAULTS, List.of("--rounds", "5"));

        assertThat(options.number("--rounds")).isEqualTo(5);
        assertThat(options.number("--rate")).isEqualTo(1000);
    }

    @Test
    void anotherOptionIsRefusedWithThoseThatThereAre() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Options(DEFAULTS, List.of("--round", "5")))
                .withMessage(
                        "'--round' is no option; there are, with what they are by default: {--rate=1000, --rounds=3}");
    }

    @Test
    void anOptionWithoutAValueIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Options(DEFAULTS, List.of("--rate", "10", "--rounds")))
                .withMessage("'--rounds' has no value");
    }

    @Test
    void whatIsNoNumberFromOneOnIsRefused() {
        for (String value : List.of("0", "-1", "many", "1000000", "")) {
            Options options = new Options(DEFAULTS, List.of("--rounds", value));

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> options.number("--rounds"))
                    .withMessage(
                            "'--rounds' must be a whole number from 1 to 999999, and is '%s'",
                            value);
        }
    }

    @Test
    void aWordMustBeOneOfThoseThatThereAre() {
        Options options = new Options(Map.of("--jvm", "lepton"), List.of("--jvm", "tuned"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> options.oneOf("--jvm", "lepton", "defaults"))
                .withMessage("'--jvm' must be one of [lepton, defaults], and is 'tuned'");
    }
}
