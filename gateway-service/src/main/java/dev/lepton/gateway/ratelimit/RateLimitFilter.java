package dev.lepton.gateway.ratelimit;

import dev.lepton.gateway.forwarding.ClientChannel;
import dev.lepton.gateway.forwarding.RoutedService;
import dev.lepton.gateway.problem.GatewayProblem;
import dev.lepton.gateway.settings.LimitKey;
import dev.lepton.gateway.settings.ServiceRateLimit;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Refuses what a service is asked beyond its rate limit, before any filter of a route has worked
 * for it, and so that none of them, a circuit breaker for one, takes it for a failure of the
 * service.
 */
final class RateLimitFilter implements GlobalFilter, Ordered {

    private static final int BEFORE_FILTERS_OF_ROUTES = Ordered.HIGHEST_PRECEDENCE + 100;

    private final Map<String, Rule> rules = new HashMap<>();
    private final RateLimits limits;
    private final ClientKeys keys;

    private record Rule(String name, Limit limit, LimitKey key, String policy) {}

    RateLimitFilter(Map<String, ServiceRateLimit> byService, RateLimits limits, ClientKeys keys) {
        byService.forEach(
                (service, set) -> rules.put(service, rule(service, Limit.of(set), set.key())));
        this.limits = limits;
        this.keys = keys;
    }

    private static Rule rule(String service, Limit limit, LimitKey key) {
        return new Rule(
                "service:" + service,
                limit,
                key,
                "\"%s\";q=%d;w=%d"
                        .formatted(service, limit.tokens(), Verdict.seconds(limit.period())));
    }

    @Override
    public int getOrder() {
        return BEFORE_FILTERS_OF_ROUTES;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        String service = rules.isEmpty() ? null : RoutedService.byRoute(exchange);
        Rule rule = service == null ? null : rules.get(service);
        if (service == null || rule == null) {
            return chain.filter(exchange);
        }
        ServerHttpRequest request = exchange.getRequest();
        Mono<Verdict> verdict =
                limits.take(rule.name(), keys.of(rule.key(), request), rule.limit(), 1);
        return (limits.areShared() ? onLoopOf(request, verdict) : verdict)
                .flatMap(given -> {
                    tell(exchange.getResponse(), service, rule, given);
                    return given.allowed()
                            ? chain.filter(exchange)
                            : Mono.error(refusal(service, rule.limit(), given));
                });
    }

    /** Redis answers on a thread of its own, which is not to do the work of all requests. */
    private static Mono<Verdict> onLoopOf(ServerHttpRequest request, Mono<Verdict> verdict) {
        return verdict.publishOn(Schedulers.fromExecutor(ClientChannel.of(request).eventLoop()));
    }

    /**
     * As RedisRateLimiter does, and as draft-ietf-httpapi-ratelimit-headers has it. In place of
     * what a unit may say of limits of its own.
     */
    private static void tell(
            ServerHttpResponse response, String service, Rule rule, Verdict verdict) {
        response.beforeCommit(() ->
                Mono.fromRunnable(() -> {
                    HttpHeaders headers = response.getHeaders();
                    headers.set("X-RateLimit-Remaining", Long.toString(verdict.remaining()));
                    headers.set(
                            "X-RateLimit-Burst-Capacity", Long.toString(rule.limit().capacity()));
                    headers.set("RateLimit-Policy", rule.policy());
                    headers.set(
                            "RateLimit",
                            "\"%s\";r=%d;t=%d"
                                    .formatted(
                                            service,
                                            verdict.remaining(),
                                            Verdict.seconds(verdict.full())));
                }));
    }

    private static GatewayProblem refusal(String service, Limit limit, Verdict verdict) {
        return GatewayProblem.rateLimited(
                "service '%s' lets a client send %d requests in %s, %d at once"
                        .formatted(service, limit.tokens(), limit.period(), limit.capacity()),
                Duration.ofSeconds(Math.max(1, Verdict.seconds(verdict.pause()))));
    }
}
