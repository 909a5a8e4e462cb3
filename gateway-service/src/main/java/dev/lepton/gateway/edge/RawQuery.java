package dev.lepton.gateway.edge;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;

/**
 * The query of a request as the client sent it. Browsers leave characters such as <code>[ { | } ]
 * </code> in a query as they are, which RFC 3986 does not: within the gateway these are
 * percent-encoded, and a unit gets them as they were. Filters that make another query of it would
 * encode all of it a second time otherwise.
 */
public final class RawQuery implements HttpHeadersFilter {

    /**
     * From the edge to whoever sends the request on; one that a client sends has been removed
     * before. It is not sent on itself: to units none of the platform's own headers is, and what
     * goes to an address passes this filter.
     */
    static final String HEADER = "Lepton-Raw-Query";

    private static final String NOT_IN_A_URI = "\"<>[\\]^`{|}";

    @Override
    public HttpHeaders filter(HttpHeaders input, ServerWebExchange exchange) {
        if (!input.containsHeader(HEADER)) {
            return input;
        }
        HttpHeaders passed = new HttpHeaders();
        passed.addAll(input);
        passed.remove(HEADER);
        return passed;
    }

    /** The query for a unit: the client's, unless a filter of the route has made another one. */
    public static @Nullable String of(ServerWebExchange exchange, URI uri) {
        String query = uri.getRawQuery();
        String sent = exchange.getRequest().getHeaders().getFirst(HEADER);
        return sent != null && encoded(sent).equals(query) ? sent : query;
    }

    /** The same query in characters that {@link URI} takes; the very same if it does already. */
    static String encoded(String query) {
        StringBuilder encoded = null;
        for (int at = 0; at < query.length(); at++) {
            char c = query.charAt(at);
            boolean fits = c == '%' ? isEncoding(query, at) : NOT_IN_A_URI.indexOf(c) < 0;
            if (!fits && encoded == null) {
                encoded = new StringBuilder(query.length() + 16).append(query, 0, at);
            }
            if (encoded != null) {
                encoded.append(fits ? String.valueOf(c) : "%%%02X".formatted((int) c));
            }
        }
        return encoded == null ? query : encoded.toString();
    }

    private static boolean isEncoding(String query, int at) {
        return at + 2 < query.length()
                && Character.digit(query.charAt(at + 1), 16) >= 0
                && Character.digit(query.charAt(at + 2), 16) >= 0;
    }
}
