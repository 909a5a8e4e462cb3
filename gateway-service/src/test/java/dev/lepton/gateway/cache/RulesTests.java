package dev.lepton.gateway.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;

class RulesTests {

    private static final HttpHeaders ANY_REQUEST = new HttpHeaders();

    /** Written as {@code Name: value; Name: value}. */
    private static HttpHeaders headers(String text) {
        HttpHeaders headers = new HttpHeaders();
        for (String line : text.split(";", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.add(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
            }
        }
        return headers;
    }

    private static boolean mayKeep(int status, String answer) {
        return Rules.mayKeep(ANY_REQUEST, status, headers(answer), Duration.ZERO);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Cache-Control: max-age=1",
                "Cache-Control: s-maxage=1",
                "Cache-Control: public, max-age=1",
                "Cache-Control: no-cache, max-age=1",
                "Expires: Thu, 01 Jan 2026 00:00:01 GMT; Date: Thu, 01 Jan 2026 00:00:00 GMT",
                "Cache-Control: max-age=0; ETag: \"a\"",
                "Cache-Control: no-cache; Last-Modified: Thu, 01 Jan 2026 00:00:00 GMT",
                "Cache-Control: max-age=0, stale-if-error=60",
                "Cache-Control: max-age=1; Vary: Accept",
            })
    void answerThatSaysHowLongItIsFreshIsKept(String answer) {
        assertThat(mayKeep(200, answer)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ETag: \"a\"",
                "Last-Modified: Thu, 01 Jan 2026 00:00:00 GMT",
                "Cache-Control: public",
                "Cache-Control: no-cache",
                "Cache-Control: max-age=0",
                "Cache-Control: no-store, max-age=60",
                "Cache-Control: private, max-age=60",
                "Cache-Control: private=\"X-A\", max-age=60",
                "Cache-Control: max-age=60; Set-Cookie: a=b",
                "Cache-Control: max-age=60; Vary: *",
                "Cache-Control: max-age=60; Vary: Accept, *",
                "Cache-Control: max-age=60; Vary: X-Forwarded-For",
                "Cache-Control: max-age=0, s-maxage=0; Expires: Thu, 01 Jan 2099 00:00:00 GMT",
                "Expires: 0; Date: Thu, 01 Jan 2026 00:00:00 GMT",
            })
    void everyOtherIsNot(String answer) {
        assertThat(mayKeep(200, answer)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 203, 204, 300, 301, 302, 307, 308, 404, 405, 410, 414})
    void statusesThatAreKept(int status) {
        assertThat(mayKeep(status, "Cache-Control: max-age=60")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 206, 303, 304, 400, 401, 403, 421, 429, 500, 502, 503, 504})
    void statusesThatAreNot(int status) {
        assertThat(mayKeep(status, "Cache-Control: max-age=60")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "max-age=60, false",
        "'public, max-age=60', true",
        "s-maxage=60, true",
        "'must-revalidate, max-age=60', true",
    })
    void answerToWhoSaysWhoTheyAreIsKeptOnlyWhenItSaysSo(String cacheControl, boolean kept) {
        assertThat(
                        Rules.mayKeep(
                                headers("Authorization: Basic YTpi"),
                                200,
                                headers("Cache-Control: " + cacheControl),
                                Duration.ZERO))
                .isEqualTo(kept);
    }

    @Test
    void answerThatIsNeverFreshIsKeptForWhenTheServiceFails() {
        assertThat(
                        Rules.mayKeep(
                                ANY_REQUEST,
                                200,
                                headers("Cache-Control: max-age=0"),
                                Duration.ofSeconds(1)))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Cache-Control: max-age=60 | 60",
                "Cache-Control: max-age=60, s-maxage=10 | 10",
                "Cache-Control: max-age=60; Expires: Thu, 01 Jan 2099 00:00:00 GMT | 60",
                "Expires: Thu, 01 Jan 2026 00:01:00 GMT; Date: Thu, 01 Jan 2026 00:00:00 GMT | 60",
                "Expires: Thu, 01 Jan 2026 00:00:00 GMT; Date: Thu, 01 Jan 2026 00:01:00 GMT | 0",
                "Expires: soon; Date: Thu, 01 Jan 2026 00:00:00 GMT | 0",
                "Expires: Thu, 01 Jan 2026 00:01:00 GMT; Date: now | 0",
                "ETag: a | ",
            })
    void howLongAnAnswerIsFresh(String answer, Long seconds) {
        HttpHeaders headers = headers(answer);

        assertThat(Rules.freshSeconds(headers, CacheControl.of(headers))).isEqualTo(seconds);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "max-age=60 | 100",
                "max-age=60, stale-if-error=5 | 5",
                "max-age=60, stale-if-error=500 | 500",
                "max-age=60, must-revalidate | 0",
                "max-age=60, proxy-revalidate | 0",
                "max-age=60, no-cache | 0",
                "s-maxage=60 | 0",
                "max-age=60, must-revalidate, stale-if-error=5 | 0",
            })
    void howLongBeyondThatItReplacesAnError(String cacheControl, long seconds) {
        assertThat(
                        Rules.staleSeconds(
                                CacheControl.of(headers("Cache-Control: " + cacheControl)),
                                Duration.ofSeconds(100)))
                .isEqualTo(seconds);
    }

    @ParameterizedTest
    @CsvSource({
        "'', 2",
        "'Age: 10', 12",
        "'Age: -1', 2",
        "'Age: x', 2",
        "'Age: 9999999999', 2147483650"
    })
    void ageOnArrivalIsThatOfCachesBeforeAndOfTheWay(String answer, long seconds) {
        assertThat(Rules.ageOnArrival(headers(answer), Duration.ofSeconds(2)))
                .isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void namesThatAnAnswerVariesByAreReadFromAllLines() {
        assertThat(Rules.variesBy(headers("Vary: Accept , accept-LANGUAGE; Vary: X-A")))
                .containsExactlyInAnyOrder("accept", "accept-language", "x-a");
    }
}
