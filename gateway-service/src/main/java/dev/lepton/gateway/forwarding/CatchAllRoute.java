package dev.lepton.gateway.forwarding;

import dev.lepton.gateway.routing.RouteTarget;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.core.Ordered;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * {@code /{service}/rest/of/path} for every service there is, whatever the fleet, as one route
 * after all others. The first segment goes, the rest stays as it is, byte for byte.
 */
final class CatchAllRoute implements RouteLocator {

    static final String ID = "lepton-units";

    private static final String SOME_SERVICE = "unit://first-path-segment";

    private final Route route =
            Route.async()
                    .id(ID)
                    .uri(SOME_SERVICE)
                    .order(Ordered.LOWEST_PRECEDENCE)
                    .metadata(RouteTarget.SERVICE_IN_PATH, true)
                    .asyncPredicate(exchange -> Mono.just(true))
                    .build();

    @Override
    public Flux<Route> getRoutes() {
        return Flux.just(route);
    }

    static String rest(String path) {
        int end = path.indexOf('/', 1);
        return end < 0 ? "/" : path.substring(end);
    }
}
