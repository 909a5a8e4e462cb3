package dev.lepton.gateway.cache;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * The directives of a Cache-Control field (RFC 9111, section 5.2). Of one that is repeated the
 * first holds. One with a list of fields, as in {@code no-cache="Set-Cookie"}, is taken for the
 * same without.
 */
record CacheControl(Map<String, String> directives) {

    /** What a cache takes a larger number for. */
    private static final long MOST_SECONDS = 1L << 31;

    private static final Pattern DIRECTIVE =
            Pattern.compile(
                    "([^\\s,=\"]+)(?:\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^\\s,\"]*)))?");

    static CacheControl of(HttpHeaders headers) {
        List<String> lines = headers.get(HttpHeaders.CACHE_CONTROL);
        if (lines == null) {
            return new CacheControl(Map.of());
        }
        Map<String, String> directives = new HashMap<>();
        Matcher found = DIRECTIVE.matcher(String.join(",", lines));
        while (found.find()) {
            String quoted = found.group(2);
            String value = quoted == null ? found.group(3) : quoted;
            directives.putIfAbsent(
                    found.group(1).toLowerCase(Locale.ROOT), value == null ? "" : value);
        }
        return new CacheControl(directives);
    }

    boolean has(String directive) {
        return directives.containsKey(directive);
    }

    /** Null without the directive, 0 for a value that is no number: then nothing is fresh. */
    @Nullable Long seconds(String directive) {
        String value = directives.get(directive);
        return value == null ? null : delta(value);
    }

    /** RFC 9111 1.2.2; 0 for what is no number. */
    static long delta(String text) {
        if (text.isEmpty() || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return 0;
        }
        return text.length() > 10 ? MOST_SECONDS : Math.min(MOST_SECONDS, Long.parseLong(text));
    }
}
