package dev.lepton.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.gateway.settings.EdgeSettings;
import dev.lepton.gateway.settings.EdgeSettings.Allowance;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathRulesTests {

    static EdgeSettings allowing(Allowance... allowed) {
        return new EdgeSettings(
                Set.of(allowed), Duration.ofSeconds(10), Duration.ofSeconds(10), null, 10, 10);
    }

    private static final PathRules STRICT = new PathRules(allowing());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/a",
                "/a/",
                "/a/b.c/d",
                "/a..b",
                "/...",
                "/.well-known/x",
                "/a%20b/%E2%82%AC",
                "/a%2eb",
                "/%2e%2e%2e",
                "/%61",
                "/100%25",
                "/50%25zz",
                "/%2541",
                "/%25",
                "/%252",
                "/-._~!$&'()*+,=:@",
            })
    void unambiguousPathPasses(String path) {
        assertThat(STRICT.check(path)).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '>',
            value = {
                "/.>DOT_SEGMENT",
                "/..>DOT_SEGMENT",
                "/a/..>DOT_SEGMENT",
                "/a/./b>DOT_SEGMENT",
                "/a/../b>DOT_SEGMENT",
                "/a/%2e%2e/b>DOT_SEGMENT",
                "/a/.%2E/b>DOT_SEGMENT",
                "/a/%2e>DOT_SEGMENT",
                "//>EMPTY_SEGMENT",
                "//a>EMPTY_SEGMENT",
                "/a//b>EMPTY_SEGMENT",
                "/a//>EMPTY_SEGMENT",
                "/a%2fb>ENCODED_SLASH",
                "/a%2Fb>ENCODED_SLASH",
                "/a%5cb>ENCODED_SLASH",
                "/..%2fb>ENCODED_SLASH",
                "/a%00>ENCODED_CONTROL",
                "/a%1f>ENCODED_CONTROL",
                "/a%7F>ENCODED_CONTROL",
                "/a%0d%0ab>ENCODED_CONTROL",
                "/%252e%252e/b>DOUBLE_ENCODING",
                "/a%252fb>DOUBLE_ENCODING",
                "/a%255Cb>DOUBLE_ENCODING",
                "/a%2500>DOUBLE_ENCODING",
                "/a%253bb>DOUBLE_ENCODING",
                "/a%25252e>DOUBLE_ENCODING",
                "/a;x=1>SEMICOLON",
                "/a%3Bx>SEMICOLON",
                "/..;/a>SEMICOLON",
                "/a\\b>PATH_CHARACTER",
                "/{x}>PATH_CHARACTER",
                "/a|b>PATH_CHARACTER",
                "/a\"b>PATH_CHARACTER",
                "/[a]>PATH_CHARACTER",
                "/a\u0001b>PATH_CHARACTER",
                "/a\u007fb>PATH_CHARACTER",
                "/\u00e9>PATH_CHARACTER",
                "/a%>PERCENT_ENCODING",
                "/a%4>PERCENT_ENCODING",
                "/a%zz>PERCENT_ENCODING",
                "/a%4\u0664>PERCENT_ENCODING",
            })
    void ambiguousPathIsRefused(String path, Refusal why) {
        assertThat(STRICT.check(path)).isEqualTo(why);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '>',
            value = {
                "ENCODED_SLASH>/a%2fb%5Cc",
                "SEMICOLON>/a;x=1/b%3By",
                "SEMICOLON>/a;x=../b",
                "EMPTY_SEGMENTS>//a//b//",
                "DOUBLE_ENCODING>/a%252fb",
            })
    void whatIsAllowedPassesAndNothingElseDoes(Allowance allowed, String path) {
        Allowance[] others =
                Arrays.stream(Allowance.values())
                        .filter(each -> each != allowed)
                        .toArray(Allowance[]::new);

        assertThat(new PathRules(allowing(allowed)).check(path)).isNull();
        assertThat(new PathRules(allowing(others)).check(path)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/a/..",
                "/a/..%2fb",
                "/a%2f..%2fb",
                "/a%5c..",
                "/a/..;x/b",
                "/a/..%3bx/b",
                "/a/.;/b",
                "/a/..;x%2fb",
                "/a//../b",
            })
    void dotSegmentIsRefusedWhateverIsAllowed(String path) {
        assertThat(new PathRules(allowing(Allowance.values())).check(path))
                .isEqualTo(Refusal.DOT_SEGMENT);
    }

    @Test
    void whatPassesIsAPathForEveryReader() {
        long seed = 20260101;
        Random random = new Random(seed);
        String[] parts = {
            "/", ".", "..", "a", "%2e", "%2f", "%5c", "%25", "2e", "2f", "%", ";", "%00", "\\", "B",
            "%3b", "{", "é", "~"
        };
        int passed = 0;
        for (int i = 0; i < 50_000; i++) {
            StringBuilder path = new StringBuilder("/");
            for (int n = random.nextInt(8); n >= 0; n--) {
                path.append(parts[random.nextInt(parts.length)]);
            }
            if (STRICT.check(path.toString()) == null) {
                passed++;
                URI uri = URI.create("http://h" + path);
                assertThat(uri.normalize().getRawPath())
                        .as("%s, seed %d", path, seed)
                        .isEqualTo(path.toString());
                assertThat(URI.create("http://h").resolve(uri.getPath().replace("%", "%25")))
                        .as("%s decoded, seed %d", path, seed)
                        .satisfies(decoded ->
                                assertThat(decoded.normalize().getPath()).isEqualTo(uri.getPath()));
            }
        }
        assertThat(passed).isGreaterThan(1000);
    }
}
