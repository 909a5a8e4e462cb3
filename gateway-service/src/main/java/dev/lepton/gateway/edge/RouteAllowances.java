package dev.lepton.gateway.edge;

import dev.lepton.gateway.routing.RouteTarget;
import dev.lepton.gateway.settings.EdgeSettings.Allowance;
import dev.lepton.gateway.settings.GatewaySettings;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.route.RouteDefinition;

/** What single routes and services let through beyond what all do. */
final class RouteAllowances {

    static final String METADATA = "allow";

    private final GatewaySettings settings;
    private final Set<Allowance> anywhere = EnumSet.noneOf(Allowance.class);

    /**
     * @throws IllegalArgumentException for metadata that cannot be read, which names the route
     */
    RouteAllowances(GatewaySettings settings, List<RouteDefinition> routes) {
        this.settings = settings;
        settings.services().values().forEach(service -> anywhere.addAll(service.allow()));
        for (RouteDefinition route : routes) {
            try {
                anywhere.addAll(of(route.getMetadata()));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "route '%s': %s".formatted(route.getId(), e.getMessage()), e);
            }
        }
    }

    /** All that some route or service lets through. */
    Set<Allowance> anywhere() {
        return Set.copyOf(anywhere);
    }

    /**
     * @param path by which the route was found
     */
    Set<Allowance> on(Route route, String path) {
        Set<Allowance> allowed = EnumSet.noneOf(Allowance.class);
        allowed.addAll(of(route.getMetadata()));
        String service = RouteTarget.service(route, path);
        if (service != null) {
            allowed.addAll(settings.allowedTo(service));
        }
        return allowed;
    }

    /** A list, or names with commas between. */
    static Set<Allowance> of(Map<String, Object> metadata) {
        Object value = metadata.get(METADATA);
        Collection<?> names =
                switch (value) {
                    case null -> List.of();
                    // As a list of properties becomes a map with its positions for keys.
                    case Map<?, ?> map -> map.values();
                    case Collection<?> list -> list;
                    default -> List.of(value.toString().split(","));
                };
        Set<Allowance> allowed = EnumSet.noneOf(Allowance.class);
        names.forEach(name -> allowed.add(named(name.toString().strip())));
        return allowed;
    }

    private static Allowance named(String name) {
        return Arrays.stream(Allowance.values())
                .filter(each -> nameOf(each).equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "metadata '%s' %s must be of: %s"
                                        .formatted(
                                                METADATA,
                                                name,
                                                Arrays.stream(Allowance.values())
                                                        .map(RouteAllowances::nameOf)
                                                        .collect(Collectors.joining(", ")))));
    }

    private static String nameOf(Allowance allowance) {
        return allowance.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
