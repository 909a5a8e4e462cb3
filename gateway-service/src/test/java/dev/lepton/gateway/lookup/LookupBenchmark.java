package dev.lepton.gateway.lookup;

import static dev.lepton.gateway.lookup.SomeRoutes.catchAll;
import static dev.lepton.gateway.lookup.SomeRoutes.ofServices;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.springframework.cloud.gateway.config.GlobalCorsProperties;
import org.springframework.cloud.gateway.event.RefreshRoutesResultEvent;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.OrderedGatewayFilter;
import org.springframework.cloud.gateway.handler.FilteringWebHandler;
import org.springframework.cloud.gateway.handler.RoutePredicateHandlerMapping;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Time and memory of the lookup of a route and of its filters, with and without the index; for
 * {@code benchmarks/run lookup}, which alone runs it.
 */
class LookupBenchmark {

    private static final List<Integer> ROUTES = List.of(1, 100, 1_000, 10_000);
    private static final int ROUNDS = 5;
    private static final long ROUND_NANOS = 300_000_000;
    private static final int TIMES_PER_LOOK_AT_THE_CLOCK = 64;
    private static final int GLOBAL_FILTERS = 12;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private record Cost(double nanos, long bytes) {

        @Override
        public String toString() {
            return nanos < 1_000
                    ? String.format(Locale.ROOT, "%.0f ns, %d B", nanos, bytes)
                    : String.format(Locale.ROOT, "%.1f µs, %d B", nanos / 1_000, bytes);
        }
    }

    private static final class Stock extends RoutePredicateHandlerMapping {

        Stock(FilteringWebHandler filters, List<Route> routes) {
            super(
                    filters,
                    () -> Flux.fromIterable(routes),
                    new GlobalCorsProperties(),
                    new MockEnvironment());
        }

        Mono<Route> find(ServerWebExchange exchange) {
            return lookupRoute(exchange);
        }
    }

    private static final class StockFilters extends FilteringWebHandler {

        StockFilters(List<GlobalFilter> globalFilters, boolean cached) {
            super(globalFilters, cached);
        }

        List<GatewayFilter> of(Route route) {
            return getCombinedFilters(route);
        }
    }

    @Test
    void printTables() {
        System.out.println(
                """
                | routes | tried one after the other | with the index | service without a route, one after the other | with the index |
                | --- | --- | --- | --- | --- |\
                """);
        ROUTES.forEach(this::printLookup);
        System.out.println();
        printFilters();
    }

    private void printLookup(int count) {
        List<Route> routes = new ArrayList<>(ofServices(count));
        routes.add(catchAll("rest"));
        KeptFilters filters = new KeptFilters(List.of());
        Stock stock = new Stock(filters, routes);
        IndexedRouteMapping indexed =
                new IndexedRouteMapping(
                        filters,
                        () -> Flux.fromIterable(routes),
                        new GlobalCorsProperties(),
                        new MockEnvironment(),
                        null);
        indexed.onApplicationEvent(new RefreshRoutesResultEvent(this));
        ServerWebExchange last = get("/service-" + (count - 1) + "/some/path");
        ServerWebExchange other = get("/other-service/some/path");
        assertThat(stock.find(last).block()).isSameAs(routes.get(count - 1));
        assertThat(indexed.lookupRoute(last).block()).isSameAs(routes.get(count - 1));
        assertThat(indexed.lookupRoute(other).block()).isSameAs(routes.get(count));
        System.out.printf(
                Locale.ROOT,
                "| %,d | %s | %s | %s | %s |%n",
                count,
                cost(() -> stock.find(fresh(last)).block()),
                cost(() -> indexed.lookupRoute(fresh(last)).block()),
                cost(() -> stock.find(fresh(other)).block()),
                cost(() -> indexed.lookupRoute(fresh(other)).block()));
    }

    private static MockServerWebExchange get(String path) {
        return MockServerWebExchange.from(
                MockServerHttpRequest.get(path).header("Host", "gateway.example:8080"));
    }

    /** Nothing is known of the request yet, neither its path in parts. */
    private static ServerWebExchange fresh(ServerWebExchange exchange) {
        exchange.getAttributes().clear();
        return exchange;
    }

    private void printFilters() {
        GlobalFilter global = (exchange, chain) -> chain.filter(exchange);
        List<GlobalFilter> globals = Collections.nCopies(GLOBAL_FILTERS, global);
        System.out.println(
                """
                | filters of the route | sorted for each request | cache of Spring Cloud Gateway | kept |
                | --- | --- | --- | --- |\
                """);
        for (int own : List.of(0, 5)) {
            Route route = routeWithFilters(own);
            StockFilters sorted = new StockFilters(globals, false);
            StockFilters cached = new StockFilters(globals, true);
            KeptFilters kept = new KeptFilters(globals);
            kept.keep(List.of(route));
            assertThat(kept.getCombinedFilters(route)).hasSize(GLOBAL_FILTERS + own);
            System.out.printf(
                    "| %d | %s | %s | %s |%n",
                    own,
                    cost(() -> sorted.of(route)),
                    cost(() -> cached.of(route)),
                    cost(() -> kept.getCombinedFilters(route)));
        }
    }

    private static Route routeWithFilters(int count) {
        var builder =
                Route.async()
                        .id("filtered")
                        .uri("unit://any")
                        .metadata("a", "b")
                        .asyncPredicate(exchange -> Mono.just(true));
        for (int i = 0; i < count; i++) {
            builder.filter(
                    new OrderedGatewayFilter((exchange, chain) -> chain.filter(exchange), i + 1));
        }
        return builder.build();
    }

    /**
     * The median round, after as many that are not counted. Time is that of the processor, so that
     * what else runs on the machine counts as little as may be.
     */
    private Cost cost(Supplier<?> work) {
        double[] nanos = new double[ROUNDS];
        long bytes = 0;
        Object result = null;
        for (int round = -ROUNDS; round < ROUNDS; round++) {
            long bytesBefore = threads.getCurrentThreadAllocatedBytes();
            long nanosBefore = threads.getCurrentThreadCpuTime();
            long began = System.nanoTime();
            long times = 0;
            while (System.nanoTime() - began < ROUND_NANOS) {
                for (int i = 0; i < TIMES_PER_LOOK_AT_THE_CLOCK; i++) {
                    result = work.get();
                }
                times += TIMES_PER_LOOK_AT_THE_CLOCK;
            }
            if (round >= 0) {
                nanos[round] = (threads.getCurrentThreadCpuTime() - nanosBefore) / (double) times;
                bytes = (threads.getCurrentThreadAllocatedBytes() - bytesBefore) / times;
            }
        }
        assertThat(result).isNotNull();
        Arrays.sort(nanos);
        return new Cost(nanos[ROUNDS / 2], bytes);
    }
}
