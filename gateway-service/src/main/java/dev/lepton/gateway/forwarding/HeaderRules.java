package dev.lepton.gateway.forwarding;

import dev.lepton.gateway.settings.Cidr;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * Which headers pass, in one pass each way: those of one hop (RFC 9110 7.6.1) and the platform's
 * own do not. Forwarded headers are replaced by what this gateway sees; from a trusted proxy they
 * are continued.
 */
final class HeaderRules {

    private static final HeaderNames ONE_HOP =
            HeaderNames.of(
                    "connection",
                    "keep-alive",
                    "proxy-connection",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "upgrade");
    private static final List<String> OF_THE_CLIENT =
            List.of(
                    "forwarded",
                    "x-forwarded-for",
                    "x-forwarded-proto",
                    "x-forwarded-host",
                    "x-forwarded-port",
                    "x-forwarded-prefix",
                    "x-forwarded-ssl",
                    "x-real-ip");
    private static final HeaderNames NOT_TO_UNITS =
            HeaderNames.of(
                    Stream.concat(
                                    Stream.of(
                                            "host",
                                            "expect",
                                            "proxy-authorization",
                                            // Netty's own notes on a request that came in HTTP/2.
                                            "x-http2-stream-id",
                                            "x-http2-scheme"),
                                    OF_THE_CLIENT.stream())
                            .toList());
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

    /** Adds those of a request for a unit, all but the host unless that is kept. */
    void toUnit(ServerHttpRequest request, boolean hasBody, boolean keepHost, HttpHeaders out) {
        org.springframework.http.HttpHeaders inbound = request.getHeaders();
        HttpHeaders asReceived = ReceivedHeaders.of(request);
        if (asReceived != null) {
            HeaderNames named = namedByConnection(asReceived.getAll(HttpHeaderNames.CONNECTION));
            Iterator<Map.Entry<CharSequence, CharSequence>> each =
                    asReceived.iteratorCharSequence();
            while (each.hasNext()) {
                Map.Entry<CharSequence, CharSequence> header = each.next();
                if (passesToUnits(header.getKey(), named)) {
                    out.add(header.getKey(), header.getValue());
                }
            }
        } else {
            HeaderNames named = namedByConnection(inbound.get("Connection"));
            inbound.forEach((name, values) -> {
                if (passesToUnits(name, named)) {
                    out.add(name, values);
                }
            });
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
        forwarded(request, host, out::set);
    }

    private static boolean passesToUnits(CharSequence name, HeaderNames named) {
        return !ONE_HOP.contains(name)
                && !NOT_TO_UNITS.contains(name)
                && !named.contains(name)
                && !LeptonHeaders.isOurs(name);
    }

    /** The same headers, but for what they tell of the client. */
    org.springframework.http.HttpHeaders forwarded(
            ServerHttpRequest request, org.springframework.http.HttpHeaders filtered) {
        org.springframework.http.HttpHeaders out = new org.springframework.http.HttpHeaders();
        out.addAll(filtered);
        OF_THE_CLIENT.forEach(out::remove);
        forwarded(request, request.getHeaders().getFirst("Host"), out::set);
        return out;
    }

    private void forwarded(
            ServerHttpRequest request, @Nullable String host, BiConsumer<String, String> out) {
        org.springframework.http.HttpHeaders inbound = request.getHeaders();
        InetSocketAddress remote = request.getRemoteAddress();
        String peer = remote == null ? null : remote.getHostString();
        boolean trusted = remote != null && isTrusted(remote);
        String scheme = request.getURI().getScheme();
        if (peer != null) {
            // A proxy may add a line of its own, after those that its client made up.
            List<String> before = trusted ? inbound.get("X-Forwarded-For") : null;
            out.accept(
                    "X-Forwarded-For",
                    before == null ? peer : String.join(", ", before) + ", " + peer);
        }
        setTrustedOr("X-Forwarded-Proto", trusted, scheme == null ? "http" : scheme, inbound, out);
        if (host != null) {
            setTrustedOr("X-Forwarded-Host", trusted, host, inbound, out);
        }
    }

    private boolean isTrusted(InetSocketAddress peer) {
        return Cidr.anyContains(trustedNetworks, peer.getAddress())
                || (trustedProxies != null
                        && trustedProxies.matcher(peer.getHostString()).matches());
    }

    private static void setTrustedOr(
            String name,
            boolean trusted,
            String own,
            org.springframework.http.HttpHeaders inbound,
            BiConsumer<String, String> out) {
        List<String> before = trusted ? inbound.get(name) : null;
        out.accept(name, before == null ? own : before.getLast());
    }

    /** Adds what passes of a unit's response to that for the client, and says their names. */
    Set<String> toClient(HttpHeaders ofUnit, org.springframework.http.HttpHeaders response) {
        HeaderNames named = namedByConnection(ofUnit.getAll(HttpHeaderNames.CONNECTION));
        Set<String> names = HashSet.newHashSet(ofUnit.size());
        Iterator<Map.Entry<CharSequence, CharSequence>> each = ofUnit.iteratorCharSequence();
        while (each.hasNext()) {
            Map.Entry<CharSequence, CharSequence> header = each.next();
            CharSequence name = header.getKey();
            if (!ONE_HOP.contains(name) && !named.contains(name) && !LeptonHeaders.isOurs(name)) {
                response.add(name.toString(), header.getValue().toString());
                names.add(name.toString());
            }
        }
        return names;
    }

    private static HeaderNames namedByConnection(@Nullable List<String> values) {
        if (values == null || values.isEmpty()) {
            return HeaderNames.NONE;
        }
        List<String> named = new ArrayList<>();
        for (String value : values) {
            for (String name : value.split(",", -1)) {
                String stripped = name.strip();
                if (!stripped.isEmpty() && !ONE_HOP.contains(stripped)) {
                    named.add(stripped);
                }
            }
        }
        return HeaderNames.of(named);
    }
}
