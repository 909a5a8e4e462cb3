package dev.lepton.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathReadingsTests {

    @ParameterizedTest
    @ValueSource(strings = {"/", "/a", "/a/b/", "/a%20b/%41", "/100%25", "/50%25zz", "/a%2eb"})
    void pathThatAllReadAlikeHasNoOther(String path) {
        assertThat(PathReadings.of(path)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '>',
            value = {
                "/a%2Fb>/a/b",
                "/a%5cb>/a/b",
                "//a///b>/a/b",
                "/a%2F/b>/a/b",
                "/a;x=1;y/b;z>/a/b",
                "/a%3Bx/b>/a/b",
                "/;x/a>/a",
                "/a%252Fb>/a%2Fb,/a/b",
                "/a%25252Fb>/a%252Fb,/a%2Fb,/a/b",
                "/a%253Bx/b>/a%3Bx/b,/a/b",
                "/%252e%252e>/%2e%2e",
                "/a%2500>/a%00",
                "/a%2F%252Fb>/a/%2Fb,/a/b",
            })
    void pathIsReadInEachOfTheseWays(String path, String readings) {
        assertThat(PathReadings.of(path)).containsExactly(readings.split(","));
    }
}
