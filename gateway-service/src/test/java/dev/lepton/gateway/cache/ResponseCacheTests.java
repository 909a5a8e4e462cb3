package dev.lepton.gateway.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpHeaders;

class ResponseCacheTests {

    private static final int BYTES = 100_000;
    private static final CacheKey KEY = new CacheKey("docs", "/a?null", "h", "http");
    private static final long LATER = Duration.ofSeconds(1).toNanos();

    private final ResponseCache cache = new ResponseCache(BYTES);

    private static HttpHeaders headers(String... namesAndValues) {
        HttpHeaders headers = new HttpHeaders();
        for (int at = 0; at < namesAndValues.length; at += 2) {
            headers.add(namesAndValues[at], namesAndValues[at + 1]);
        }
        return headers;
    }

    private static Kept kept(String body, String cacheControl, Map<String, String> selectedBy) {
        HttpHeaders headers = headers("Cache-Control", cacheControl);
        CacheControl says = CacheControl.of(headers);
        Long fresh = Rules.freshSeconds(headers, says);
        return new Kept(
                200,
                headers,
                new Kept.Body(body.getBytes(UTF_8)),
                selectedBy,
                0,
                Duration.ofSeconds(10),
                Duration.ofSeconds(fresh == null ? 0 : fresh),
                Duration.ofSeconds(Rules.staleSeconds(says, Duration.ZERO)),
                says);
    }

    private static Kept kept(String body) {
        return kept(body, "max-age=60", Map.of());
    }

    private String found(HttpHeaders request) {
        Kept found = cache.find(KEY, request);
        return found == null ? null : new String(found.body().bytes(), UTF_8);
    }

    @Test
    void answerIsFoundByRequestsThatHaveTheSameValuesOfWhatItVariesBy() {
        cache.keep(KEY, kept("german", "max-age=60", Map.of("accept-language", "de")), 0);
        cache.keep(KEY, kept("none", "max-age=60", Map.of("accept-language", "")), 0);
        cache.keep(KEY, kept("two", "max-age=60", Map.of("accept-language", "de,fr")), 0);

        assertThat(found(headers("Accept-Language", " de "))).isEqualTo("german");
        assertThat(found(headers())).isEqualTo("none");
        assertThat(found(headers("Accept-Language", "de", "Accept-Language", "fr")))
                .isEqualTo("two");
        assertThat(found(headers("Accept-Language", "en"))).isNull();
        assertThat(cache.has(KEY)).isTrue();
        assertThat(cache.has(new CacheKey("docs", "/a?null", "other", "http"))).isFalse();
    }

    @Test
    void newAnswerTakesThePlaceOfTheOneForTheSameRequests() {
        cache.keep(KEY, kept("old"), 0);
        cache.keep(KEY, kept("new"), 0);

        assertThat(found(headers())).isEqualTo("new");
        assertThat(cache.weight()).isLessThan(2 * (KEY.weight() + kept("new").weight()));
    }

    @Test
    void newestOfSeveralThatMatchIsFound() {
        cache.keep(KEY, kept("varies", "max-age=60", Map.of("accept", "")), 0);
        cache.keep(KEY, kept("does not"), 0);

        assertThat(found(headers())).isEqualTo("does not");
    }

    @Test
    void ofOneAddressOnlySoManyAreKept() {
        for (int each = 0; each < 100; each++) {
            cache.keep(KEY, kept("" + each, "max-age=60", Map.of("accept", "" + each)), 0);
        }

        assertThat(found(headers("Accept", "99"))).isEqualTo("99");
        assertThat(found(headers("Accept", "84"))).isEqualTo("84");
        assertThat(found(headers("Accept", "83"))).isNull();
    }

    @Test
    void changeForgetsWhatIsKeptAndWhatWasAskedForBefore() {
        cache.keep(KEY, kept("before"), 0);

        cache.changed(KEY, LATER);

        assertThat(found(headers())).isNull();
        cache.keep(KEY, kept("asked for before"), LATER);
        assertThat(found(headers())).isNull();
        cache.keep(KEY, kept("asked for afterwards"), LATER + 1);
        assertThat(found(headers())).isEqualTo("asked for afterwards");
    }

    @Test
    void noMoreIsKeptThanThereIsMemoryFor() {
        for (int each = 0; each < 200; each++) {
            cache.keep(new CacheKey("docs", "/" + each, "h", "http"), kept("x".repeat(5000)), 0);
        }

        assertThat(cache.weight()).isBetween(BYTES / 2L, (long) BYTES);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // It was 10 s old when it came.
                "max-age=60           |                | 49 | true",
                "max-age=60           |                | 50 | false",
                "max-age=60           | no-cache       | 0  | false",
                "max-age=60           | max-age=20     | 10 | true",
                "max-age=60           | max-age=20     | 11 | false",
                "max-age=60           | max-age=0      | 0  | false",
                "max-age=60           | min-fresh=20   | 30 | true",
                "max-age=60           | min-fresh=20   | 31 | false",
                "max-age=60           | max-stale=100  | 51 | false",
                "no-cache, max-age=60 |                | 0  | false",
            })
    void whatAClientGetsUnasked(String says, String asked, long seconds, boolean given) {
        CacheControl wish =
                CacheControl.of(asked == null ? headers() : headers("Cache-Control", asked));

        assertThat(kept("x", says, Map.of()).satisfies(wish, Duration.ofSeconds(seconds).toNanos()))
                .isEqualTo(given);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "max-age=60, stale-if-error=40           | 90 | true",
                "max-age=60, stale-if-error=40           | 91 | false",
                "max-age=60                              | 50 | true",
                "max-age=60                              | 51 | false",
                "max-age=60, must-revalidate             | 50 | true",
                "max-age=60, must-revalidate             | 51 | false",
                "no-cache, max-age=60, stale-if-error=40 | 0  | false",
            })
    void whatReplacesAnError(String says, long seconds, boolean given) {
        assertThat(kept("x", says, Map.of()).replacesError(Duration.ofSeconds(seconds).toNanos()))
                .isEqualTo(given);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "If-None-Match     | \"a\"                         | true",
                "If-None-Match     | W/\"a\"                       | true",
                "If-None-Match     | \"b\", \"a\"                  | true",
                "If-None-Match     | \"a,b\"                       | false",
                "If-None-Match     | *                             | true",
                "If-None-Match     | \"b\"                         | false",
                "If-None-Match     | a                             | false",
                "If-Modified-Since | Thu, 01 Jan 2026 00:00:00 GMT | true",
                "If-Modified-Since | Thu, 01 Jan 2026 00:00:01 GMT | true",
                "If-Modified-Since | Wed, 31 Dec 2025 23:59:59 GMT | false",
                "If-Modified-Since | yesterday                     | false",
                "Accept            | *                             | false",
            })
    void whetherAClientHasItAlready(String header, String value, boolean has) {
        HttpHeaders answer =
                headers("ETag", "W/\"a\"", "Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT");

        assertThat(Conditions.clientHas(headers(header, value), answer)).isEqualTo(has);
    }

    @Test
    void tagGoesBeforeTheDate() {
        HttpHeaders answer =
                headers("ETag", "\"a\"", "Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT");

        assertThat(
                        Conditions.clientHas(
                                headers(
                                        "If-None-Match", "\"b\"",
                                        "If-Modified-Since", "Thu, 01 Jan 2026 00:00:00 GMT"),
                                answer))
                .isFalse();
    }

    @Test
    void bodyIsCopiedWhileItPasses() {
        List<Kept.Body> whole = new ArrayList<>();
        Recording recording = new Recording(cache, 10, whole::add);

        recording.add(Unpooled.copiedBuffer("hello ", UTF_8));
        recording.add(Unpooled.copiedBuffer("you", UTF_8));
        assertThat(cache.beingRead()).isEqualTo(9);
        recording.complete();
        recording.end();

        assertThat(whole).hasSize(1);
        assertThat(whole.getFirst().bytes()).asString(UTF_8).isEqualTo("hello you");
        assertThat(cache.beingRead()).isZero();
    }

    @Test
    void bodyThatIsTooLargeIsNotKept() {
        List<Kept.Body> whole = new ArrayList<>();
        Recording recording = new Recording(cache, 10, whole::add);

        recording.add(Unpooled.copiedBuffer("hello ", UTF_8));
        recording.add(Unpooled.copiedBuffer("world", UTF_8));
        assertThat(cache.beingRead()).isZero();
        recording.complete();
        recording.end();

        assertThat(whole).isEmpty();
        assertThat(cache.beingRead()).isZero();
    }

    @Test
    void bodiesThatAreReadTogetherTakeNoMoreThanThereIsMemoryFor() {
        List<Kept.Body> whole = new ArrayList<>();
        Recording one = new Recording(cache, BYTES, whole::add);
        Recording other = new Recording(cache, BYTES, whole::add);

        one.add(Unpooled.wrappedBuffer(new byte[BYTES]));
        other.add(Unpooled.wrappedBuffer(new byte[1]));
        other.complete();
        one.complete();
        one.end();

        assertThat(whole).hasSize(1);
        assertThat(cache.takeRoom(BYTES)).isTrue();
    }
}
