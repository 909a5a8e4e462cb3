package dev.lepton.client.unit;

import java.net.URI;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a unit answers requests.
 *
 * @param scheme {@code http} or {@code https}
 * @param host a host name, an IPv4 address or an IPv6 address without brackets
 * @param port 1 to 65535
 */
public record UnitAddress(String scheme, String host, int port) {

    private static final Pattern HOST =
            Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,252})|[0-9A-Fa-f:.]{2,45}");

    public UnitAddress(@Nullable String scheme, @Nullable String host, int port) {
        this.scheme = scheme == null ? "http" : scheme;
        if (!this.scheme.equals("http") && !this.scheme.equals("https")) {
            throw new IllegalArgumentException("address scheme must be 'http' or 'https'");
        }
        Names.require(
                "address host",
                host,
                HOST,
                "a host name, an IPv4 address or an IPv6 address without brackets");
        if (host == null) {
            throw new IllegalArgumentException("address host is missing");
        }
        this.host = host;
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException(
                    "address port %d must be from 1 to 65535".formatted(port));
        }
        this.port = port;
    }

    public static UnitAddress http(String host, int port) {
        return new UnitAddress("http", host, port);
    }

    public URI uri() {
        return URI.create(toString());
    }

    @Override
    public String toString() {
        return scheme + "://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
