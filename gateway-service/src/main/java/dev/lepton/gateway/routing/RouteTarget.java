package dev.lepton.gateway.routing;

import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.route.Route;

/** Where a route leads. */
public final class RouteTarget {

    /** Metadata of a route on which the first segment of the path names the service. */
    public static final String SERVICE_IN_PATH = "lepton.service-in-path";

    private static final Set<String> TO_UNITS = Set.of("unit", "lb");

    private RouteTarget() {}

    public static boolean isServiceInPath(Route route) {
        return route.getMetadata().containsKey(SERVICE_IN_PATH);
    }

    /** Whether an address with this scheme is that of a service. */
    public static boolean isOfUnits(@Nullable String scheme) {
        return scheme != null && TO_UNITS.contains(scheme.toLowerCase(Locale.ROOT));
    }

    /**
     * The service, null for a route that does not lead to units.
     *
     * @param path of the request, as it was sent
     */
    public static @Nullable String service(Route route, String path) {
        if (isServiceInPath(route)) {
            int end = path.indexOf('/', 1);
            return path.substring(Math.min(1, path.length()), end < 0 ? path.length() : end);
        }
        URI uri = route.getUri();
        if (!isOfUnits(uri.getScheme())) {
            return null;
        }
        // As in lb:ws://orders.
        URI address = uri.isOpaque() ? URI.create(uri.getSchemeSpecificPart()) : uri;
        // A name with an underscore is no host.
        String name = address.getHost() == null ? address.getAuthority() : address.getHost();
        return name == null ? null : name.toLowerCase(Locale.ROOT);
    }
}
