package dev.lepton.starter.autoconfigure;

import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitAddress;
import dev.lepton.client.unit.UnitId;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of a unit.
 *
 * @param enabled Whether this service is a unit of Lepton.
 * @param registry How to reach the registry.
 * @param home Folder of the platform's state, when it runs on this machine; a supervisor passes it
 *     as LEPTON_HOME. Relative to the working directory.
 * @param tokenFile File that holds the bearer token for the registry, used once it exists; by
 *     default the file 'token' in 'lepton.home'.
 * @param startId Random name of this process start, a UUID; a supervisor passes it as
 *     LEPTON_START_ID, otherwise one is made.
 * @param service Name of the service as a supervisor passes it in LEPTON_SERVICE;
 *     'lepton.unit.service' overrides it.
 * @param node Name of the host whose supervisor runs the unit; a supervisor passes it as
 *     LEPTON_NODE.
 * @param nodeAddress Where other machines reach that host, advertised unless the web server is
 *     bound to one address; a supervisor passes it as LEPTON_NODE_ADDRESS.
 * @param unit What this process is.
 * @param drain How a stop drains.
 */
@ConfigurationProperties("lepton")
record LeptonProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue Registry registry,
        @DefaultValue(HOME) Path home,
        @Nullable Path tokenFile,
        @Nullable String startId,
        @Nullable String service,
        @Nullable String node,
        @Nullable String nodeAddress,
        @DefaultValue Unit unit,
        @DefaultValue Drain drain) {

    private static final String HOME = ".lepton";

    LeptonProperties {
        home = isNone(home) ? Path.of(HOME) : home;
        tokenFile = isNone(tokenFile) ? null : tokenFile;
        startId = blankIsNone(startId);
        service = blankIsNone(service);
        node = blankIsNone(node);
        nodeAddress = blankIsNone(nodeAddress);
        check("lepton.start-id", startId, StartId::parse);
        check("lepton.service", service, ServiceName::new);
        check("lepton.node", node, NodeName::new);
        check("lepton.node-address", nodeAddress, h -> UnitAddress.http(h, 1));
    }

    Path tokenFileOrDefault() {
        return tokenFile == null ? home.resolve("token") : tokenFile;
    }

    /**
     * How to reach the registry.
     *
     * @param url Base URLs of the registry's replicas, of which each client draws its own order.
     * @param timeout How long to wait for the answer of one replica, except to beats, whose timeout
     *     the registry assigns.
     */
    record Registry(
            @DefaultValue("http://localhost:8761") List<URI> url,
            @DefaultValue("2s") Duration timeout) {

        Registry {
            if (url.isEmpty()) {
                throw new InvalidSetting("lepton.registry.url", "[]", "must name at least one URL");
            }
            url.forEach(Registry::requireHttp);
            requireBetween(
                    "lepton.registry.timeout",
                    timeout,
                    Duration.ofMillis(100),
                    Duration.ofSeconds(60));
        }

        private static void requireHttp(URI url) {
            if (url.toString().indexOf('@') >= 0) {
                // The value stays out of the message, which ends in logs.
                throw new InvalidSetting(
                        "lepton.registry.url",
                        "with a user or a password",
                        "is refused: the token belongs into the file 'lepton.token-file'");
            }
            boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            if (!http || url.getHost() == null) {
                throw new InvalidSetting(
                        "lepton.registry.url",
                        url,
                        "must be an http or https URL with a host, such as http://localhost:8761");
            }
        }
    }

    /**
     * What this process is.
     *
     * @param id Name of the slot that this process fills, such as worker-1; a supervisor passes it
     *     as LEPTON_UNIT_ID, otherwise it is made of service, host and port.
     * @param service Name of the service under which requests find it; by default
     *     'spring.application.name' in lower case.
     * @param host Host to advertise; by default the local address of the route to the registry.
     * @param port Port to advertise; by default the port on which the web server listens.
     * @param version Version of the program; by default 'spring.application.version', else that of
     *     the build information.
     * @param weight Relative share of requests, 1 to 1000; 100 is ordinary.
     * @param zone Failure zone, which gateways prefer to stay within.
     * @param labels Free names and values by which units can be found.
     * @param selfCheck The unit's request to itself.
     */
    record Unit(
            @Nullable String id,
            @Nullable String service,
            @Nullable String host,
            @Nullable Integer port,
            @Nullable String version,
            @DefaultValue("100") int weight,
            @Nullable String zone,
            Map<String, String> labels,
            @DefaultValue SelfCheck selfCheck) {

        private static final int MOST_LABELS = 64;

        Unit {
            id = blankIsNone(id);
            service = blankIsNone(service);
            host = blankIsNone(host);
            version = blankIsNone(version);
            zone = blankIsNone(zone);
            labels = labels == null ? Map.of() : Map.copyOf(labels);
            check("lepton.unit.id", id, UnitId::new);
            check("lepton.unit.service", service, ServiceName::new);
            check("lepton.unit.host", host, h -> UnitAddress.http(h, 1));
            if (port != null && (port < 1 || port > 65535)) {
                throw new InvalidSetting("lepton.unit.port", port, "must be from 1 to 65535");
            }
            if (weight < 1 || weight > 1000) {
                throw new InvalidSetting("lepton.unit.weight", weight, "must be from 1 to 1000");
            }
            requireText("lepton.unit.version", version, 128);
            requireText("lepton.unit.zone", zone, 64);
            if (labels.size() > MOST_LABELS) {
                throw new InvalidSetting(
                        "lepton.unit.labels",
                        labels.size() + " entries",
                        "must have at most " + MOST_LABELS);
            }
            labels.forEach((key, value) -> {
                requireText("lepton.unit.labels." + key + "' (its name)", key, 63);
                requireText("lepton.unit.labels." + key, value, 256);
            });
        }
    }

    /**
     * The unit's request to itself.
     *
     * @param path Path of the service, within its context path, that is asked each second instead
     *     of the starter's own; answers below 500 are good.
     */
    record SelfCheck(@Nullable String path) {

        SelfCheck {
            path = blankIsNone(path);
            if (path != null && !path.matches("/[\\x21-\\x7e]*")) {
                throw new InvalidSetting(
                        "lepton.unit.self-check.path",
                        path,
                        "must begin with '/' and hold neither blanks nor control characters");
            }
        }
    }

    /**
     * How a stop drains.
     *
     * @param timeout How long requests of gateways may keep coming before the server stops all the
     *     same; shorter than 'spring.lifecycle.timeout-per-shutdown-phase'.
     * @param quiet How long no request of a gateway must have come before the server stops
     *     accepting.
     */
    record Drain(@DefaultValue("10s") Duration timeout, @DefaultValue("500ms") Duration quiet) {

        Drain {
            requireBetween("lepton.drain.timeout", timeout, Duration.ZERO, Duration.ofMinutes(10));
            requireBetween("lepton.drain.quiet", quiet, Duration.ZERO, timeout);
        }
    }

    private static void requireBetween(
            String property, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new InvalidSetting(
                    property, value, "must be from %s to %s".formatted(least, most));
        }
    }

    private static void requireText(String property, @Nullable String value, int longest) {
        if (value == null) {
            return;
        }
        if (value.length() > longest || value.chars().anyMatch(Character::isISOControl)) {
            throw new InvalidSetting(
                    property,
                    "of " + value.length() + " characters",
                    "must have at most " + longest + " characters and no control characters");
        }
    }

    private static void check(
            String property, @Nullable String value, Function<String, ?> constructor) {
        if (value == null) {
            return;
        }
        try {
            var _ = constructor.apply(value);
        } catch (IllegalArgumentException e) {
            throw new InvalidSetting(property, value, e);
        }
    }

    /** A placeholder with an empty default, and an empty variable of a shell, mean none. */
    private static @Nullable String blankIsNone(@Nullable String value) {
        return value == null || value.isBlank() ? null : value.strip();
    }

    private static boolean isNone(@Nullable Path path) {
        return path == null || path.toString().isBlank();
    }
}
