package dev.lepton.gateway.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.OrderedGatewayFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

class KeptFiltersTests {

    private static final GatewayFilter FIRST = filterAt(-5);
    private static final GatewayFilter LAST = filterAt(5);

    private final KeptFilters filters = new KeptFilters(List.of(new InTheMiddle()));

    private static GatewayFilter filterAt(int order) {
        return new OrderedGatewayFilter((exchange, chain) -> chain.filter(exchange), order);
    }

    private static final class InTheMiddle implements GlobalFilter, Ordered {

        @Override
        public int getOrder() {
            return 0;
        }

        @Override
        public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
            return chain.filter(exchange);
        }
    }

    private static Route routeWith(GatewayFilter... filters) {
        return Route.async()
                .id("same")
                .uri("unit://any")
                .asyncPredicate(exchange -> Mono.just(true))
                .filters(filters)
                .build();
    }

    @Test
    void filtersOfARouteAreSortedAmongTheGlobalOnes() {
        Route route = routeWith(LAST, FIRST);

        filters.keep(List.of(route));

        assertThat(filters.getCombinedFilters(route))
                .hasSize(3)
                .startsWith(FIRST)
                .endsWith(LAST)
                .isSameAs(filters.getCombinedFilters(route));
    }

    @Test
    void routeThatWasReplacedStillHasItsOwnFilters() {
        Route former = routeWith(FIRST);
        filters.keep(List.of(former));

        filters.keep(List.of(routeWith(LAST)));

        assertThat(filters.getCombinedFilters(former)).hasSize(2).startsWith(FIRST);
    }
}
