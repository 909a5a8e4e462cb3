package dev.lepton.gateway.edge;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Headers.PseudoHeaderName;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The same rules for heads of requests in HTTP/2, and what RFC 9113 8.2 and 8.3 ask of these: names
 * and values that stay what they are in HTTP/1.1, each pseudo header once, none of one connection.
 */
final class Http2Rules {

    private static final Set<String> OF_REQUESTS =
            Set.of(":method", ":scheme", ":authority", ":path");
    private static final Set<String> SCHEMES = Set.of("http", "https");
    private static final Set<String> ONE_HOP =
            Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");
    private static final String OTHER_TOKEN_CHARS = "!#$%&'*+-.^_`|~";
    private static final String RAW_QUERY = RawQuery.HEADER.toLowerCase(Locale.ROOT);
    private static final int DEL = 0x7f;

    private final RequestRules rules;

    Http2Rules(RequestRules rules) {
        this.rules = rules;
    }

    @Nullable Refusal check(Http2Headers head) {
        HttpHeaders headers =
                DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
        if (!translate(head, headers)) {
            return Refusal.MALFORMED;
        }
        String method = text(head.method());
        if (method == null || !isToken(method)) {
            return Refusal.MALFORMED;
        }
        if (RequestRules.isNotPassedOn(method)) {
            // CONNECT has neither scheme nor path.
            return Refusal.METHOD;
        }
        String scheme = text(head.scheme());
        String path = text(head.path());
        if (scheme == null || !SCHEMES.contains(scheme) || path == null) {
            return Refusal.MALFORMED;
        }
        if (!path.startsWith("/")) {
            return Refusal.TARGET;
        }
        String authority = text(head.authority());
        if (authority != null) {
            if (headers.getAll(HttpHeaderNames.HOST).stream()
                    .anyMatch(host -> !host.equalsIgnoreCase(authority))) {
                return Refusal.HOST;
            }
            headers.set(HttpHeaderNames.HOST, authority);
        }
        return rules.check(HttpMethod.valueOf(method), path, headers);
    }

    /** What follows a body is thrown away, so it need only be what it seems. */
    static boolean areTrailers(Http2Headers headers) {
        for (Map.Entry<CharSequence, CharSequence> header : headers) {
            if (!isFieldName(header.getKey()) || !isFieldValue(header.getValue())) {
                return false;
            }
        }
        return true;
    }

    private static boolean translate(Http2Headers head, HttpHeaders headers) {
        Set<String> pseudo = new HashSet<>(OF_REQUESTS.size() * 2);
        for (Map.Entry<CharSequence, CharSequence> header : head) {
            String name = header.getKey().toString();
            String value = header.getValue().toString();
            if (!isFieldValue(value)) {
                return false;
            }
            if (name.startsWith(":")) {
                if (!OF_REQUESTS.contains(name) || !pseudo.add(name)) {
                    return false;
                }
            } else if (!isFieldName(name)
                    || ONE_HOP.contains(name)
                    || (name.equals("te") && !value.equals("trailers"))) {
                return false;
            } else if (!name.equals("cookie") || !headers.contains(name)) {
                // Cookies come in crumbs, which are one header again for a unit.
                headers.add(name, value);
            }
        }
        return true;
    }

    private static boolean isFieldName(CharSequence name) {
        return isToken(name) && name.chars().noneMatch(c -> c >= 'A' && c <= 'Z');
    }

    private static boolean isToken(CharSequence text) {
        return !text.isEmpty()
                && text.chars()
                        .allMatch(c ->
                                (c >= 'a' && c <= 'z')
                                        || (c >= 'A' && c <= 'Z')
                                        || (c >= '0' && c <= '9')
                                        || OTHER_TOKEN_CHARS.indexOf(c) >= 0);
    }

    private static boolean isFieldValue(CharSequence value) {
        return value.isEmpty()
                || (!isBlank(value.charAt(0))
                        && !isBlank(value.charAt(value.length() - 1))
                        && value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c != DEL)));
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static @Nullable String text(@Nullable CharSequence value) {
        return value == null ? null : value.toString();
    }

    /** Makes the target of a head that passed one that a URI takes. */
    static void rewrite(Http2Headers head) {
        head.remove(RAW_QUERY);
        Target target = Target.of(head.path().toString());
        if (target != null) {
            head.set(PseudoHeaderName.PATH.value(), target.uri());
            String sent = target.unencodedQuery();
            if (sent != null) {
                head.set(RAW_QUERY, sent);
            }
        }
    }
}
