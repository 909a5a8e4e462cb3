package dev.lepton.gateway.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpHeaders;

class CacheControlTests {

    private static CacheControl of(String... lines) {
        HttpHeaders headers = new HttpHeaders();
        headers.addAll("Cache-Control", List.of(lines));
        return CacheControl.of(headers);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "max-age=60                        | 60",
                "MAX-AGE=60, public                | 60",
                "public,max-age=60                 | 60",
                "max-age=\"60\"                    | 60",
                "max-age = 60                      | 60",
                "max-age=60, max-age=5             | 60",
                "x=\"a, max-age=5\", max-age=60    | 60",
                "max-age=99999999999999999999      | 2147483648",
                "max-age=2147483649                | 2147483648",
                "max-age=-1                        | 0",
                "max-age=1.5                       | 0",
                "max-age                           | 0",
                "max-age=                          | 0",
                "s-max-age=60                      | ",
                "''                                | ",
            })
    void secondsOfADirective(String line, Long seconds) {
        assertThat(of(line).seconds("max-age")).isEqualTo(seconds);
    }

    @Test
    void directivesOfAllLinesHold() {
        CacheControl says = of("public", "no-cache=\"Set-Cookie, X-A\", must-revalidate");

        assertThat(says.has("public")).isTrue();
        assertThat(says.has("no-cache")).isTrue();
        assertThat(says.has("must-revalidate")).isTrue();
        assertThat(says.has("set-cookie")).isFalse();
        assertThat(says.has("x-a")).isFalse();
    }

    @Test
    void withoutTheHeaderThereIsNone() {
        assertThat(CacheControl.of(new HttpHeaders()).directives()).isEmpty();
    }
}
