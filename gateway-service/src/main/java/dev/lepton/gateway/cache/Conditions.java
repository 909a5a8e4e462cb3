package dev.lepton.gateway.cache;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** Whether a client already has an answer that is kept (RFC 9110, section 13). */
final class Conditions {

    private static final Pattern TAG = Pattern.compile("(?:W/)?(\"[^\"]*\")");

    private Conditions() {}

    static boolean clientHas(HttpHeaders request, HttpHeaders kept) {
        List<String> tags = request.get(HttpHeaders.IF_NONE_MATCH);
        if (tags != null) {
            return anyMatches(String.join(",", tags), kept.getFirst(HttpHeaders.ETAG));
        }
        long since = HttpDates.millis(request, HttpHeaders.IF_MODIFIED_SINCE);
        long modified = HttpDates.millis(kept, HttpHeaders.LAST_MODIFIED);
        return since != HttpDates.NONE && modified != HttpDates.NONE && modified <= since;
    }

    /** By weak comparison. */
    private static boolean anyMatches(String tags, @Nullable String kept) {
        if (tags.strip().equals("*")) {
            return true;
        }
        if (kept == null) {
            return false;
        }
        String opaque = kept.startsWith("W/") ? kept.substring(2) : kept;
        Matcher each = TAG.matcher(tags);
        while (each.find()) {
            if (each.group(1).equals(opaque)) {
                return true;
            }
        }
        return false;
    }
}
