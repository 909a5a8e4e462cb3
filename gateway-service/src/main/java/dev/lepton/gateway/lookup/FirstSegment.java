package dev.lepton.gateway.lookup;

import org.jspecify.annotations.Nullable;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.PathContainer.PathSegment;

/** What a path begins with, as {@code PathPattern} compares it: decoded, without parameters. */
final class FirstSegment {

    private static final String WILDCARDS = "*?{";

    private FirstSegment() {}

    /** The one segment that every path begins with that matches; null when there are several. */
    static @Nullable String ofPattern(String pattern) {
        String segment = rawOf(pattern);
        return segment == null || segment.chars().anyMatch(c -> WILDCARDS.indexOf(c) >= 0)
                ? null
                : segment;
    }

    /** Null for a path that begins with none, such as {@code /} or {@code //a}. */
    static @Nullable String ofPath(@Nullable String rawPath) {
        String segment = rawPath == null ? null : rawOf(rawPath);
        if (segment == null || (segment.indexOf('%') < 0 && segment.indexOf(';') < 0)) {
            return segment;
        }
        return ((PathSegment) PathContainer.parsePath(segment).elements().getFirst())
                .valueToMatch();
    }

    private static @Nullable String rawOf(String path) {
        if (path.isEmpty() || path.charAt(0) != '/') {
            return null;
        }
        int end = path.indexOf('/', 1);
        String segment = path.substring(1, end < 0 ? path.length() : end);
        return segment.isEmpty() ? null : segment;
    }
}
