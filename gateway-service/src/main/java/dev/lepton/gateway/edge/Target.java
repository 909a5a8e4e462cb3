package dev.lepton.gateway.edge;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The target of a request, taken apart and otherwise as it was sent (RFC 9112 3.2): a path, or the
 * same behind a scheme and an authority.
 *
 * @param authority null when the target is a path alone
 * @param query null when there is none
 */
record Target(
        @Nullable String scheme, @Nullable String authority, String path, @Nullable String query) {

    /** Null when it is neither of the two forms, or has a fragment. */
    static @Nullable Target of(String uri) {
        if (uri.indexOf('#') >= 0) {
            return null;
        }
        if (uri.startsWith("/")) {
            return of(null, null, uri);
        }
        int colon = uri.indexOf("://");
        String scheme = colon < 0 ? "" : uri.substring(0, colon).toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            return null;
        }
        int begin = colon + 3;
        int end = begin;
        while (end < uri.length() && uri.charAt(end) != '/' && uri.charAt(end) != '?') {
            end++;
        }
        return of(scheme, uri.substring(begin, end), uri.substring(end));
    }

    private static Target of(@Nullable String scheme, @Nullable String authority, String rest) {
        int mark = rest.indexOf('?');
        String path = mark < 0 ? rest : rest.substring(0, mark);
        return new Target(
                scheme,
                authority,
                path.isEmpty() ? "/" : path,
                mark < 0 ? null : rest.substring(mark + 1));
    }

    /** Makes it a path with a query that a URI takes; what else it says goes into headers. */
    void writeTo(HttpRequest request) {
        HttpHeaders headers = request.headers();
        headers.remove(RawQuery.HEADER);
        if (authority != null && !headers.contains(HttpHeaderNames.HOST)) {
            headers.set(HttpHeaderNames.HOST, authority);
        }
        request.setUri(uri());
        String sent = unencodedQuery();
        if (sent != null) {
            headers.set(RawQuery.HEADER, sent);
        }
    }

    String uri() {
        return query == null ? path : path + "?" + RawQuery.encoded(query);
    }

    /** The query where a URI does not take it as it was sent. */
    @Nullable String unencodedQuery() {
        return query == null || RawQuery.encoded(query).equals(query) ? null : query;
    }

    /** Whether a Host header names the same; none agrees with any. */
    boolean isAt(@Nullable String host) {
        return authority != null
                && (host == null || withoutPort(host).equalsIgnoreCase(withoutPort(authority)));
    }

    private String withoutPort(String host) {
        String usual = "https".equals(scheme) ? ":443" : ":80";
        return host.endsWith(usual) ? host.substring(0, host.length() - usual.length()) : host;
    }
}
