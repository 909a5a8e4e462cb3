package dev.lepton.gateway.settings;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What of a request the gateway refuses before it looks for a route, and how long and how much it
 * waits for.
 *
 * @param allow what is let through, whatever the route, although it is refused by default
 * @param headerTimeout time from the first byte of a request to the end of its headers, after which
 *     it is answered 408
 * @param bodyIdle time without a byte of a request's body, while more is asked for, after which it
 *     is answered 408; also the time that the rest of a body has once the response is complete
 * @param maxBody size of a request's body above which it is answered 413; no limit when not set
 * @param maxConnections connections that may be open to the gateway, more are closed at once
 * @param maxConnectionsPerAddress of these, how many one client address may hold that is not a
 *     trusted proxy
 */
@ConfigurationProperties("lepton.gateway.edge")
public record EdgeSettings(
        @DefaultValue Set<Allowance> allow,
        @DefaultValue("10s") Duration headerTimeout,
        @DefaultValue("10s") Duration bodyIdle,
        @Nullable DataSize maxBody,
        @DefaultValue("10000") int maxConnections,
        @DefaultValue("1000") int maxConnectionsPerAddress) {

    /** What some units need, and what others read in two ways. */
    public enum Allowance {
        /** {@code %2F} and {@code %5C} in a path. */
        ENCODED_SLASH,
        /** {@code %25} in a path before what reads as another encoding, as in {@code %252E}. */
        DOUBLE_ENCODING,
        /** {@code ;} and {@code %3B} in a path. */
        SEMICOLON,
        /** {@code //} in a path. */
        EMPTY_SEGMENTS,
        /** {@code _} in the name of a header. */
        UNDERSCORE_HEADERS
    }

    public EdgeSettings {
        allow = Set.copyOf(allow);
        GatewaySettings.requirePositive("edge.header-timeout", headerTimeout);
        GatewaySettings.requirePositive("edge.body-idle", bodyIdle);
        if (maxBody != null && maxBody.isNegative()) {
            throw new IllegalArgumentException(
                    "'lepton.gateway.edge.max-body' %s must not be negative".formatted(maxBody));
        }
        if (maxConnections < 1) {
            throw new IllegalArgumentException(
                    "'lepton.gateway.edge.max-connections' %d must be at least 1"
                            .formatted(maxConnections));
        }
        if (maxConnectionsPerAddress < 1 || maxConnectionsPerAddress > maxConnections) {
            throw new IllegalArgumentException(
                    "'lepton.gateway.edge.max-connections-per-address' %d must be from 1 to 'lepton.gateway.edge.max-connections' %d"
                            .formatted(maxConnectionsPerAddress, maxConnections));
        }
    }

    public boolean allows(Allowance what) {
        return allow.contains(what);
    }

    /** The same settings with more let through. */
    public EdgeSettings allowing(Set<Allowance> more) {
        EnumSet<Allowance> all = EnumSet.noneOf(Allowance.class);
        all.addAll(allow);
        all.addAll(more);
        return new EdgeSettings(
                all, headerTimeout, bodyIdle, maxBody, maxConnections, maxConnectionsPerAddress);
    }
}
