package dev.lepton.gateway.ratelimit;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.cloud.gateway.event.FilterArgsEvent;
import org.springframework.cloud.gateway.filter.ratelimit.Bucket4jRateLimiter;
import org.springframework.cloud.gateway.filter.ratelimit.RateLimiter;
import org.springframework.cloud.gateway.filter.ratelimit.RedisRateLimiter;
import org.springframework.cloud.gateway.support.ConfigurationService;
import org.springframework.context.ApplicationListener;
import org.springframework.http.HttpHeaders;
import reactor.core.publisher.Mono;

/**
 * What Spring Cloud Gateway's filter RequestRateLimiter asks unless it is told to ask another. It
 * takes the arguments of both limiters that there are for the filter, and needs no Redis.
 */
final class RouteRateLimiter
        implements RateLimiter<RouteRateLimiter.Rule>, ApplicationListener<FilterArgsEvent> {

    private static final String REDIS = RedisRateLimiter.CONFIGURATION_PROPERTY_NAME;
    private static final String BUCKET4J = Bucket4jRateLimiter.CONFIGURATION_PROPERTY_NAME;

    private final Map<String, Rule> rules = new ConcurrentHashMap<>();
    private final RateLimits limits;
    private final ConfigurationService configuration;

    /**
     * @param remainingHeader the header that tells how many tokens are left
     */
    record Rule(Limit limit, long requestedTokens, String remainingHeader, boolean ofRedis) {}

    RouteRateLimiter(RateLimits limits, ConfigurationService configuration) {
        this.limits = limits;
        this.configuration = configuration;
    }

    @Override
    public void onApplicationEvent(FilterArgsEvent event) {
        Map<String, Object> args = event.getArgs();
        String route = event.getRouteId();
        if (has(args, REDIS)) {
            rules.put(route, bound(args, new RedisRateLimiter.Config()));
        } else if (has(args, BUCKET4J)) {
            rules.put(route, bound(route, args, new Bucket4jRateLimiter.Config()));
        }
    }

    private static boolean has(Map<String, Object> args, String name) {
        return args.keySet().stream().anyMatch(key -> key.startsWith(name + "."));
    }

    private Rule bound(Map<String, Object> args, RedisRateLimiter.Config config) {
        configuration.with(config).name(REDIS).normalizedProperties(args).bind();
        return new Rule(
                new Limit(
                        config.getBurstCapacity(),
                        config.getReplenishRate(),
                        Duration.ofSeconds(1)),
                config.getRequestedTokens(),
                RedisRateLimiter.REMAINING_HEADER,
                true);
    }

    private Rule bound(String route, Map<String, Object> args, Bucket4jRateLimiter.Config config) {
        configuration.with(config).name(BUCKET4J).normalizedProperties(args).bind();
        Duration period = config.getRefillPeriod();
        Long tokens = config.getRefillTokens();
        if (config.getRefillStyle() != Bucket4jRateLimiter.RefillStyle.GREEDY) {
            throw new IllegalArgumentException(
                    "route '%s': '%s.refillStyle' %s must be GREEDY"
                            .formatted(route, BUCKET4J, config.getRefillStyle()));
        }
        if (config.getCapacity() < 1 || period == null || !period.isPositive()) {
            throw new IllegalArgumentException(
                    "route '%s': '%s.capacity' %d must be at least 1 and '%s.refillPeriod' %s longer than nothing"
                            .formatted(route, BUCKET4J, config.getCapacity(), BUCKET4J, period));
        }
        return new Rule(
                new Limit(
                        config.getCapacity(),
                        tokens == null ? config.getCapacity() : tokens,
                        period),
                config.getRequestedTokens(),
                config.getHeaderName(),
                false);
    }

    @Override
    public Mono<Response> isAllowed(String routeId, String id) {
        Rule rule = rules.get(routeId);
        if (rule == null) {
            return Mono.error(
                    new IllegalArgumentException(
                            "route '%s': RequestRateLimiter needs arguments '%s.…' or '%s.…'"
                                    .formatted(routeId, REDIS, BUCKET4J)));
        }
        return limits.take("route:" + routeId, id, rule.limit(), rule.requestedTokens())
                .map(verdict -> new Response(verdict.allowed(), headers(rule, verdict)));
    }

    private static Map<String, String> headers(Rule rule, Verdict verdict) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(rule.remainingHeader(), Long.toString(verdict.remaining()));
        if (rule.ofRedis()) {
            Limit limit = rule.limit();
            headers.put(RedisRateLimiter.REPLENISH_RATE_HEADER, Long.toString(limit.tokens()));
            headers.put(RedisRateLimiter.BURST_CAPACITY_HEADER, Long.toString(limit.capacity()));
            headers.put(
                    RedisRateLimiter.REQUESTED_TOKENS_HEADER,
                    Long.toString(rule.requestedTokens()));
        }
        if (!verdict.allowed()) {
            headers.put(
                    HttpHeaders.RETRY_AFTER,
                    Long.toString(Math.max(1, Verdict.seconds(verdict.pause()))));
        }
        return headers;
    }

    @Override
    public Map<String, Rule> getConfig() {
        return rules;
    }

    @Override
    public Class<Rule> getConfigClass() {
        return Rule.class;
    }

    @Override
    public Rule newConfig() {
        throw new UnsupportedOperationException("a rule is made of a route's arguments");
    }
}
