package dev.lepton.gateway.ratelimit;

import dev.lepton.gateway.settings.Cidr;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * The address that a request comes from: the last one that no trusted proxy has, of those that the
 * trusted ones name in X-Forwarded-For. Whatever stands before it, the client may have made up.
 */
final class ClientAddress {

    private static final String UNKNOWN = "unknown";
    private static final int NETWORK_BYTES = 8;

    private final List<Cidr> trusted;

    ClientAddress(List<Cidr> trusted) {
        this.trusted = trusted;
    }

    /** What tells this client from others. */
    String of(ServerHttpRequest request) {
        InetSocketAddress remote = request.getRemoteAddress();
        if (remote == null || remote.getAddress() == null) {
            return UNKNOWN;
        }
        return text(of(remote.getAddress(), request.getHeaders().get("X-Forwarded-For")));
    }

    private InetAddress of(InetAddress peer, @Nullable List<String> forwardedFor) {
        InetAddress client = peer;
        if (forwardedFor == null || !Cidr.anyContains(trusted, peer)) {
            return client;
        }
        List<String> hops = Arrays.asList(String.join(",", forwardedFor).split(",", -1));
        for (String hop : hops.reversed()) {
            InetAddress named = address(hop.strip());
            if (named == null) {
                // The proxy says nothing that could be told apart.
                return client;
            }
            client = named;
            if (!Cidr.anyContains(trusted, client)) {
                return client;
            }
        }
        return client;
    }

    /**
     * Of {@code 192.0.2.1}, {@code 192.0.2.1:80}, {@code 2001:db8::1} or {@code [2001:db8::1]:80}.
     */
    private static @Nullable InetAddress address(String hop) {
        String bare = hop;
        if (hop.startsWith("[")) {
            bare = hop.substring(1, Math.max(1, hop.indexOf(']')));
        } else if (hop.indexOf(':') >= 0 && hop.indexOf(':') == hop.lastIndexOf(':')) {
            bare = hop.substring(0, hop.indexOf(':'));
        }
        try {
            return InetAddress.ofLiteral(bare);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Who has one address of IPv6 has at least 2^64 of them. */
    private static String text(InetAddress client) {
        if (!(client instanceof Inet6Address)) {
            return client.getHostAddress();
        }
        StringBuilder network = new StringBuilder();
        byte[] bytes = client.getAddress();
        for (int at = 0; at < NETWORK_BYTES; at += 2) {
            network.append("%x:".formatted((bytes[at] & 0xff) << Byte.SIZE | bytes[at + 1] & 0xff));
        }
        return network.append(":/64").toString();
    }
}
