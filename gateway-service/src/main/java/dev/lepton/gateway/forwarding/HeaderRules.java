package dev.lepton.gateway.forwarding;

import dev.lepton.gateway.settings.Cidr;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * Which headers pass, in one pass each way: those of one hop (RFC 9110 7.6.1) and the platform's
 * own do not. Forwarded headers are replaced by what this gateway sees; from a trusted proxy they
 * are continued.
 */
final class HeaderRules {

    private static final Set<String> ONE_HOP =
            Set.of(
                    "connection",
                    "keep-alive",
                    "proxy-connection",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "upgrade");
    private static final Set<String> NOT_TO_UNITS =
            Set.of(
                    "host",
                    "expect",
                    "proxy-authorization",
                    "forwarded",
                    "x-forwarded-for",
                    "x-forwarded-proto",
                    "x-forwarded-host",
                    "x-forwarded-port",
                    "x-forwarded-prefix",
                    "x-forwarded-ssl",
                    "x-real-ip");
    private static final Set<String> MAY_LACK_LENGTH = Set.of("GET", "HEAD", "DELETE");

    private final List<Cidr> trustedNetworks;
    private final @Nullable Pattern trustedProxies;

    /**
     * @param trustedNetworks addresses whose forwarded headers are believed
     * @param trustedProxies the same for Spring Cloud Gateway, null for none
     */
    HeaderRules(List<Cidr> trustedNetworks, @Nullable String trustedProxies) {
        this.trustedNetworks = trustedNetworks;
        this.trustedProxies = trustedProxies == null ? null : Pattern.compile(trustedProxies);
    }

    HttpHeaders toUnit(ServerHttpRequest request, boolean hasBody, boolean keepHost) {
        org.springframework.http.HttpHeaders inbound = request.getHeaders();
        Set<String> named = namedByConnection(inbound.get("Connection"));
        HttpHeaders out = new DefaultHttpHeaders();
        for (Map.Entry<String, List<String>> header : inbound.headerSet()) {
            String name = LeptonHeaders.lower(header.getKey());
            if (!ONE_HOP.contains(name)
                    && !NOT_TO_UNITS.contains(name)
                    && !named.contains(name)
                    && !LeptonHeaders.isOurs(name)) {
                out.add(header.getKey(), header.getValue());
            }
        }
        String host = inbound.getFirst("Host");
        if (keepHost && host != null) {
            out.set(HttpHeaderNames.HOST, host);
        }
        if (hasBody && !out.contains(HttpHeaderNames.CONTENT_LENGTH)) {
            // Netty by itself does this only where a body is usual.
            out.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        if (!hasBody && !MAY_LACK_LENGTH.contains(request.getMethod().name())) {
            // Without a length Netty would announce a chunked body, which not every server takes
            // with OPTIONS.
            out.set(HttpHeaderNames.CONTENT_LENGTH, "0");
        }
        forwarded(request, host, out);
        return out;
    }

    private void forwarded(ServerHttpRequest request, @Nullable String host, HttpHeaders out) {
        org.springframework.http.HttpHeaders inbound = request.getHeaders();
        InetSocketAddress remote = request.getRemoteAddress();
        String peer = remote == null ? null : remote.getHostString();
        boolean trusted = remote != null && isTrusted(remote);
        String scheme = request.getURI().getScheme();
        if (peer != null) {
            // A proxy may add a line of its own, after those that its client made up.
            List<String> before = trusted ? inbound.get("X-Forwarded-For") : null;
            out.set(
                    "X-Forwarded-For",
                    before == null ? peer : String.join(", ", before) + ", " + peer);
        }
        setTrustedOr("X-Forwarded-Proto", trusted, scheme == null ? "http" : scheme, inbound, out);
        if (host != null) {
            setTrustedOr("X-Forwarded-Host", trusted, host, inbound, out);
        }
    }

    private boolean isTrusted(InetSocketAddress peer) {
        return trustedNetworks.stream().anyMatch(each -> each.contains(peer.getAddress()))
                || (trustedProxies != null
                        && trustedProxies.matcher(peer.getHostString()).matches());
    }

    private static void setTrustedOr(
            String name,
            boolean trusted,
            String own,
            org.springframework.http.HttpHeaders inbound,
            HttpHeaders out) {
        List<String> before = trusted ? inbound.get(name) : null;
        out.set(name, before == null ? own : before.getLast());
    }

    org.springframework.http.HttpHeaders toClient(HttpHeaders fromUnit) {
        Set<String> named = namedByConnection(fromUnit.getAll(HttpHeaderNames.CONNECTION));
        org.springframework.http.HttpHeaders out = new org.springframework.http.HttpHeaders();
        fromUnit.forEach(header -> {
            String name = LeptonHeaders.lower(header.getKey());
            if (!ONE_HOP.contains(name) && !named.contains(name) && !LeptonHeaders.isOurs(name)) {
                out.add(header.getKey(), header.getValue());
            }
        });
        return out;
    }

    private static Set<String> namedByConnection(@Nullable List<String> values) {
        if (values == null || values.isEmpty()) {
            return Set.of();
        }
        Set<String> named = new HashSet<>();
        for (String value : values) {
            for (String name : value.split(",", -1)) {
                named.add(LeptonHeaders.lower(name.strip()));
            }
        }
        return named;
    }
}
