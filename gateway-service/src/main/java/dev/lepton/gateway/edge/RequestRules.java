package dev.lepton.gateway.edge;

import dev.lepton.gateway.settings.EdgeSettings;
import dev.lepton.gateway.settings.EdgeSettings.Allowance;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** Which heads of requests are refused. The first rule that one breaks is the answer. */
final class RequestRules {

    static final int MOST_HEADERS = 100;

    private static final Set<String> NOT_PASSED_ON = Set.of("TRACE", "CONNECT");
    private static final Pattern HOST =
            Pattern.compile("(?:[A-Za-z0-9._~-]+|\\[[0-9A-Fa-f:.]+])(?::[0-9]{1,5})?");

    private final EdgeSettings settings;
    private final PathRules paths;

    RequestRules(EdgeSettings settings) {
        this.settings = settings;
        this.paths = new PathRules(settings);
    }

    @Nullable Refusal check(HttpRequest request) {
        DecoderResult parsed = request.decoderResult();
        if (parsed.isFailure()) {
            return unparsed(parsed.cause());
        }
        boolean old = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
        if (!old && !request.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
            return Refusal.VERSION;
        }
        return check(request.method(), request.uri(), request.headers(), old);
    }

    /** What remains to be checked of a head that came in HTTP/2. */
    @Nullable Refusal check(HttpMethod method, String uri, HttpHeaders headers) {
        return check(method, uri, headers, false);
    }

    private @Nullable Refusal check(
            HttpMethod method, String uri, HttpHeaders headers, boolean old) {
        if (isNotPassedOn(method.name())) {
            return Refusal.METHOD;
        }
        Refusal found = checkHeaders(headers, old);
        return found != null ? found : checkTarget(uri, headers, old);
    }

    static boolean isNotPassedOn(String method) {
        return NOT_PASSED_ON.stream().anyMatch(method::equalsIgnoreCase);
    }

    private static Refusal unparsed(Throwable cause) {
        return switch (cause) {
            case TooLongHttpLineException _ -> Refusal.LINE_TOO_LONG;
            case TooLongHttpHeaderException _ -> Refusal.HEADERS_TOO_LARGE;
            default -> Refusal.MALFORMED;
        };
    }

    private @Nullable Refusal checkHeaders(HttpHeaders headers, boolean old) {
        if (headers.size() > MOST_HEADERS) {
            return Refusal.TOO_MANY_HEADERS;
        }
        if (!settings.allows(Allowance.UNDERSCORE_HEADERS) && hasUnderscore(headers)) {
            return Refusal.HEADER_NAME;
        }
        List<String> encodings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (!encodings.isEmpty()
                && (old
                        || encodings.size() > 1
                        || !encodings.getFirst().equalsIgnoreCase("chunked"))) {
            return Refusal.TRANSFER_ENCODING;
        }
        DataSize maxBody = settings.maxBody();
        return maxBody != null && declaredLength(headers) > maxBody.toBytes()
                ? Refusal.BODY_TOO_LARGE
                : null;
    }

    private static boolean hasUnderscore(HttpHeaders headers) {
        for (Map.Entry<String, String> header : headers) {
            if (hasUnderscore(header.getKey())) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasUnderscore(String name) {
        return name.indexOf('_') >= 0;
    }

    /** Of a request that passed, the rules that can be put aside. */
    @Nullable Refusal checkAllowances(String path, org.springframework.http.HttpHeaders headers) {
        if (!settings.allows(Allowance.UNDERSCORE_HEADERS)
                && headers.headerNames().stream().anyMatch(RequestRules::hasUnderscore)) {
            return Refusal.HEADER_NAME;
        }
        return paths.check(path);
    }

    /** What cannot be read as a number has not been parsed either. */
    private static long declaredLength(HttpHeaders headers) {
        String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
        return length == null ? 0 : Long.parseLong(length);
    }

    private @Nullable Refusal checkTarget(String uri, HttpHeaders headers, boolean old) {
        List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
        if (hosts.size() > 1 || (hosts.isEmpty() && !old)) {
            return Refusal.HOST;
        }
        String host = hosts.isEmpty() ? null : hosts.getFirst();
        if (host != null && !HOST.matcher(host).matches()) {
            return Refusal.HOST;
        }
        Target target = Target.of(uri);
        if (target == null) {
            return Refusal.TARGET;
        }
        String authority = target.authority();
        if (authority != null && !(HOST.matcher(authority).matches() && target.isAt(host))) {
            return Refusal.HOST;
        }
        Refusal found = paths.check(target.path());
        return found == null && !isVisible(target.query()) ? Refusal.QUERY_CHARACTER : found;
    }

    private static boolean isVisible(@Nullable String query) {
        return query == null || query.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }
}
