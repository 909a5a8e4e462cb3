package dev.lepton.gateway.cache;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.isAlreadyRouted;

import dev.lepton.gateway.forwarding.RoutedService;
import dev.lepton.gateway.metrics.OutcomeCounters;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Stands before the units of a service that has a cache as if it were one of them: what the filters
 * of a route make of a request is done before, and what they make of an answer is not kept.
 */
final class CacheFilter implements GlobalFilter, Ordered {

    private static final int BEFORE_UNITS_ARE_ASKED = Ordered.LOWEST_PRECEDENCE - 3;
    private static final Set<HttpMethod> READS = Set.of(HttpMethod.GET, HttpMethod.HEAD);
    private static final Set<HttpMethod> CHANGE_NOTHING =
            Set.of(HttpMethod.OPTIONS, HttpMethod.TRACE);

    /**
     * What asks for a part, for another protocol, or for something to be true of the unit's own.
     */
    private static final List<String> NOT_FOR_A_CACHE =
            List.of(
                    HttpHeaders.RANGE,
                    HttpHeaders.IF_RANGE,
                    HttpHeaders.IF_MATCH,
                    HttpHeaders.IF_UNMODIFIED_SINCE,
                    HttpHeaders.UPGRADE,
                    HttpHeaders.TRANSFER_ENCODING);

    private final Map<String, Cached> services;
    private final Shared shared;

    /**
     * What is set for a service that has a cache.
     *
     * @param versionHeader header that says which version of its units is asked
     */
    record Cached(Duration staleIfError, @Nullable String versionHeader) {}

    /** What all requests have in common. */
    record Shared(
            ResponseCache cache,
            long maxBody,
            OutcomeCounters<Outcome> metrics,
            LongSupplier nanoTime,
            InstantSource clock) {}

    CacheFilter(Map<String, Cached> services, Shared shared) {
        this.services = Map.copyOf(services);
        this.shared = shared;
    }

    @Override
    public int getOrder() {
        return BEFORE_UNITS_ARE_ASKED;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        String service = services.isEmpty() ? null : RoutedService.byUrl(exchange);
        Cached cached = service == null ? null : services.get(service);
        if (service == null || cached == null || isAlreadyRouted(exchange)) {
            return chain.filter(exchange);
        }
        HttpMethod method = exchange.getRequest().getMethod();
        CacheKey key = CacheKey.of(service, exchange);
        if (!READS.contains(method)) {
            return CHANGE_NOTHING.contains(method)
                    ? chain.filter(exchange)
                    : chain.filter(exchange).doOnSuccess(nothing -> changed(key, exchange));
        }
        if (!isForACache(exchange.getRequest().getHeaders())) {
            shared.metrics().count(service, Outcome.PASSED);
            return chain.filter(exchange);
        }
        return new Reading(key, cached, exchange, chain, shared).answer();
    }

    /** Before the client hears of it, so that it never reads afterwards what was before. */
    private void changed(CacheKey key, ServerWebExchange exchange) {
        HttpStatusCode status = exchange.getResponse().getStatusCode();
        if (status != null && !status.isError()) {
            shared.cache().changed(key, shared.nanoTime().getAsLong());
        }
    }

    private static boolean isForACache(HttpHeaders request) {
        return NOT_FOR_A_CACHE.stream().noneMatch(request::containsHeader)
                && request.getContentLength() <= 0
                && !CacheControl.of(request).has("no-store");
    }
}
