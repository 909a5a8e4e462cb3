package dev.lepton.gateway.lookup;

import static dev.lepton.gateway.lookup.SomeRoutes.async;
import static dev.lepton.gateway.lookup.SomeRoutes.host;
import static dev.lepton.gateway.lookup.SomeRoutes.hostWithoutPort;
import static dev.lepton.gateway.lookup.SomeRoutes.method;
import static dev.lepton.gateway.lookup.SomeRoutes.ofServices;
import static dev.lepton.gateway.lookup.SomeRoutes.path;
import static dev.lepton.gateway.lookup.SomeRoutes.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_PREDICATE_ROUTE_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.getUriTemplateVariables;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.webflux.autoconfigure.WebFluxProperties;
import org.springframework.cloud.gateway.config.GlobalCorsProperties;
import org.springframework.cloud.gateway.event.RefreshRoutesResultEvent;
import org.springframework.cloud.gateway.handler.AsyncPredicate;
import org.springframework.cloud.gateway.handler.RoutePredicateHandlerMapping;
import org.springframework.cloud.gateway.handler.predicate.PathRoutePredicateFactory;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class IndexedRouteMappingTests {

    private static final int ROUTE_SETS = 200;
    private static final int REQUESTS = 25;
    private static final int MOST_ROUTES = 30;

    private static final List<String> PATTERNS =
            List.of(
                    "/a",
                    "/a/",
                    "/a/**",
                    "/a/*",
                    "/a/{v}",
                    "/a/{*rest}",
                    "/b/**",
                    "/b/a",
                    "/ab/**",
                    "/a b/**",
                    "/A/**",
                    "/é/**",
                    "/%61/**",
                    "/a;p=1/**",
                    "/a/b/**",
                    "/a.b/**",
                    "/c",
                    "/**",
                    "/*",
                    "/*/b",
                    "/a*",
                    "/a?/**",
                    "/{v}",
                    "/{v}/b",
                    "/{v:a|b}/**",
                    "/a{v}",
                    "/{*all}",
                    "/**/b",
                    "/",
                    "//a/**",
                    "a/**");
    private static final List<String> PATHS =
            List.of(
                    "/",
                    "",
                    "//",
                    "//a",
                    "//a/b",
                    "/a",
                    "/a/",
                    "/a//",
                    "/a/b",
                    "/a/b/c",
                    "/a//b",
                    "/%61",
                    "/%61/b",
                    "/a%2Fb",
                    "/a%20b/x",
                    "/%C3%A9/x",
                    "/%C3%A9",
                    "/A/x",
                    "/ab/x",
                    "/a;p=1",
                    "/a;p=1/b",
                    "/;p=1/a",
                    "/%61;p/b",
                    "/a%3Bp=1/b",
                    "/%2561/x",
                    "/a.b/x",
                    "/b/a",
                    "/b",
                    "/c",
                    "/c/",
                    "/ax",
                    "/d/b",
                    "/d",
                    "/.",
                    "/a/../b");
    private static final List<String> HOST_PATTERNS =
            List.of(
                    "h",
                    "h.example",
                    "H.example",
                    "h.example:8080",
                    "h..example",
                    "h.example.",
                    ".h.example",
                    "i.example",
                    "[::1]",
                    "[::1]:8080",
                    "*.example",
                    "**",
                    "{sub}.example",
                    "**.example:*",
                    "h?example");
    private static final List<String> HOSTS =
            List.of(
                    "h",
                    "h.example",
                    "h.example:8080",
                    "H.EXAMPLE",
                    "h..example",
                    "h.example.",
                    ".h.example",
                    "..h.example",
                    "h.example.:8080",
                    "i.example",
                    "i.example:80",
                    "[::1]",
                    "[::1]:8080",
                    "sub.example",
                    "h:x",
                    ":8080",
                    ".");

    private static final class Stock extends RoutePredicateHandlerMapping {

        Stock(List<Route> routes) {
            super(
                    new KeptFilters(List.of()),
                    () -> Flux.fromIterable(routes),
                    new GlobalCorsProperties(),
                    new MockEnvironment());
        }

        Mono<Route> find(ServerWebExchange exchange) {
            return lookupRoute(exchange);
        }
    }

    private static IndexedRouteMapping indexed(List<Route> routes, MockEnvironment environment) {
        IndexedRouteMapping mapping =
                new IndexedRouteMapping(
                        new KeptFilters(List.of()),
                        () -> Flux.fromIterable(routes),
                        new GlobalCorsProperties(),
                        environment,
                        null);
        mapping.onApplicationEvent(new RefreshRoutesResultEvent(mapping));
        return mapping;
    }

    private static IndexedRouteMapping indexed(List<Route> routes) {
        return indexed(routes, new MockEnvironment());
    }

    private record Asked(HttpMethod method, String path, @Nullable String host) {

        MockServerWebExchange exchange() {
            var request =
                    MockServerHttpRequest.method(method, URI.create("http://authority" + path));
            if (host != null) {
                request.header(HttpHeaders.HOST, host);
            }
            return MockServerWebExchange.from(request);
        }
    }

    private static MockServerWebExchange get(String path) {
        return new Asked(HttpMethod.GET, path, null).exchange();
    }

    private static @Nullable String idOf(Mono<Route> found) {
        return found.map(Route::getId).block();
    }

    private static List<Route> matching(List<Route> routes, Asked asked) {
        return Flux.fromIterable(routes)
                .filterWhen(route -> route.getPredicate().apply(asked.exchange()))
                .collectList()
                .block();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void findsTheRouteThatTryingAllFindsAndLeavesOutNoneThatMatches(long seed) {
        Chance chance = new Chance(seed);
        int found = 0;
        int tried = 0;
        int all = 0;
        for (int set = 0; set < ROUTE_SETS; set++) {
            List<Route> routes = chance.routes();
            RouteIndex index = new RouteIndex(routes);
            IndexedRouteMapping mapping = indexed(routes);
            Stock stock = new Stock(routes);
            for (int i = 0; i < REQUESTS; i++) {
                Asked asked = chance.asked();

                List<Route> candidates = new ArrayList<>();
                index.candidates(asked.path(), asked.host()).forEach(candidates::add);
                String expected = idOf(stock.find(asked.exchange()));

                assertThat(idOf(mapping.lookupRoute(asked.exchange())))
                        .as("seed %s: %s of %s", seed, asked, routes)
                        .isEqualTo(expected);
                assertThat(candidates)
                        .as("seed %s: %s of %s", seed, asked, routes)
                        .containsAll(matching(routes, asked));
                found += expected == null ? 0 : 1;
                tried += candidates.size();
                all += routes.size();
            }
        }
        // The index has left much out, and what was found was not nothing.
        assertThat(found).isGreaterThan(ROUTE_SETS * REQUESTS / 2);
        assertThat(tried).isLessThan(all * 3 / 4);
    }

    @Test
    void predicatesOfOtherRoutesAreNotAsked() {
        AtomicInteger asked = new AtomicInteger();
        Predicate<ServerWebExchange> counts = exchange -> asked.incrementAndGet() > 0;
        List<Route> routes =
                List.of(
                        route("other", path("/other/**").and(counts)),
                        route("before", async(counts).and(async(path("/other/**")))),
                        route("wanted", path("/wanted/**").and(counts)),
                        route("after", path("/wanted/**").and(counts)));

        assertThat(idOf(indexed(routes).lookupRoute(get("/wanted/x")))).isEqualTo("wanted");
        assertThat(asked).hasValue(1);
    }

    @Test
    void variablesOfThePathAndTheRouteThatIsTriedAreKnown() {
        List<String> tried = new ArrayList<>();
        Predicate<ServerWebExchange> tells =
                exchange -> tried.add(exchange.getAttribute(GATEWAY_PREDICATE_ROUTE_ATTR));
        List<Route> routes =
                List.of(
                        route("weighted", async(tells).negate()),
                        route("path", path("/a/{rest}").and(tells)));
        MockServerWebExchange exchange = get("/a/b");

        assertThat(idOf(indexed(routes).lookupRoute(exchange))).isEqualTo("path");
        assertThat(getUriTemplateVariables(exchange)).containsExactly(entry("rest", "b"));
        assertThat(tried).containsExactly("weighted", "path");
    }

    @Test
    void predicateThatFailsIsOneThatDoesNotMatch() {
        AsyncPredicate<ServerWebExchange> fails =
                exchange -> {
                    throw new IllegalStateException("a predicate that fails");
                };

        assertThat(
                        idOf(
                                indexed(List.of(route("fails", fails), route("a", path("/a"))))
                                        .lookupRoute(get("/a"))))
                .isEqualTo("a");
    }

    @Test
    void routesThatAreReadAgainReplaceTheFormer() {
        List<Route> routes = new ArrayList<>(ofServices(1));
        IndexedRouteMapping mapping = indexed(routes);
        assertThat(idOf(mapping.lookupRoute(get("/new")))).isNull();

        routes.set(0, route("new", path("/new")));
        mapping.onApplicationEvent(new RefreshRoutesResultEvent(this, new IOException("away")));
        assertThat(idOf(mapping.lookupRoute(get("/service-0")))).isEqualTo("service-0");

        mapping.onApplicationEvent(new RefreshRoutesResultEvent(this));
        assertThat(idOf(mapping.lookupRoute(get("/new")))).isEqualTo("new");
        assertThat(idOf(mapping.lookupRoute(get("/service-0")))).isNull();
    }

    @Test
    void routesCanBeFoundBeforeTheyHaveAnIndex() {
        IndexedRouteMapping mapping =
                new IndexedRouteMapping(
                        new KeptFilters(List.of()),
                        () -> Flux.fromIterable(ofServices(2)),
                        new GlobalCorsProperties(),
                        new MockEnvironment(),
                        null);

        assertThat(idOf(mapping.lookupRoute(get("/service-1")))).isEqualTo("service-1");
    }

    @Test
    void patternsBehindABasePathAreFound() {
        WebFluxProperties webFlux = new WebFluxProperties();
        webFlux.setBasePath("/base");
        Route route =
                route(
                        "based",
                        new PathRoutePredicateFactory(webFlux)
                                .apply(config -> config.setPatterns(List.of("/a/**"))));
        MockEnvironment environment =
                new MockEnvironment().withProperty("spring.webflux.base-path", "/base");

        assertThat(idOf(indexed(List.of(route), environment).lookupRoute(get("/base/a/b"))))
                .isEqualTo("based");
    }

    /** Everything that routes and requests are made of, at random. */
    private static final class Chance {

        private final Random random;

        Chance(long seed) {
            this.random = new Random(seed);
        }

        Asked asked() {
            return new Asked(
                    random.nextBoolean() ? HttpMethod.GET : HttpMethod.POST,
                    oneOf(PATHS),
                    random.nextInt(4) == 0 ? null : oneOf(HOSTS));
        }

        List<Route> routes() {
            int count = 1 + random.nextInt(MOST_ROUTES);
            return IntStream.range(0, count)
                    .mapToObj(i -> route("route-" + i, predicate()))
                    .toList();
        }

        private AsyncPredicate<ServerWebExchange> predicate() {
            AsyncPredicate<ServerWebExchange> predicate = part();
            while (random.nextInt(3) == 0) {
                predicate =
                        switch (random.nextInt(6)) {
                            case 0 -> predicate.or(part());
                            case 1 -> predicate.negate();
                            default -> predicate.and(part());
                        };
            }
            return predicate;
        }

        private AsyncPredicate<ServerWebExchange> part() {
            return switch (random.nextInt(16)) {
                case 0 -> async(method(random.nextBoolean() ? HttpMethod.GET : HttpMethod.POST));
                case 1 -> async(somePath().or(someHost()));
                case 2 -> async(somePath().negate());
                case 3 -> async(somePath().and(someHost()));
                case 4 -> exchange -> Mono.just(isGet(exchange)).hide();
                case 5 -> async(hostWithoutPort(patterns(HOST_PATTERNS)));
                case 6, 7, 8 -> async(someHost());
                default -> async(somePath());
            };
        }

        private static boolean isGet(ServerWebExchange exchange) {
            return exchange.getRequest().getMethod() == HttpMethod.GET;
        }

        private Predicate<ServerWebExchange> somePath() {
            return path(patterns(PATTERNS));
        }

        private Predicate<ServerWebExchange> someHost() {
            return host(patterns(HOST_PATTERNS));
        }

        private String[] patterns(List<String> from) {
            return random.ints(1 + random.nextInt(2), 0, from.size())
                    .mapToObj(from::get)
                    .toArray(String[]::new);
        }

        private String oneOf(List<String> values) {
            return values.get(random.nextInt(values.size()));
        }
    }
}
