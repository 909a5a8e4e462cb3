package dev.lepton.gateway.settings;

import dev.lepton.gateway.balancing.BalancerKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How requests are sent to units.
 *
 * @param balancer how a unit is picked where a service does not say otherwise
 * @param zone failure zone of this gateway, whose units it prefers; no zone is preferred when not
 *     set
 * @param zoneShare part of all requests that the gateways of this zone get, by which is judged
 *     whether its units are enough; as much as every other zone when not set
 * @param slowStart how a new start of a unit gets to its share of the requests
 * @param services settings of single services, by name
 * @param trustedProxies networks, such as 10.0.0.0/8, whose forwarded headers are believed and
 *     continued; others' are replaced
 * @param connectTimeout time to open a connection to a unit
 * @param attemptTimeout time to response headers after which an idempotent request is also sent to
 *     another unit
 * @param deadline time to response headers after which the request is answered 504
 * @param bodyIdle time without a byte of a response's body, while more is asked for, after which
 *     the response is broken off; streams must send something more often
 * @param maxAttempts units that one request may be sent to; attempts that were never sent do not
 *     count
 * @param retryStatuses statuses of a unit's answer to a GET or HEAD after which another unit is
 *     asked; the first answer is given when no other comes
 * @param replayLimit size of a request body up to which it can be sent again
 * @param hold requests that wait for a unit to come back
 * @param retryBudget how many attempts there may be beyond one for each request
 * @param hedge second attempts of requests that take longer than most
 * @param limit how many requests of a service may wait for an answer at a time
 */
@ConfigurationProperties("lepton.gateway")
public record GatewaySettings(
        @DefaultValue("least-loaded") BalancerKind balancer,
        @Nullable String zone,
        @Nullable Double zoneShare,
        @DefaultValue SlowStartSettings slowStart,
        @DefaultValue Map<String, ServiceSettings> services,
        @DefaultValue List<String> trustedProxies,
        @DefaultValue("500ms") Duration connectTimeout,
        @DefaultValue("1s") Duration attemptTimeout,
        @DefaultValue("30s") Duration deadline,
        @DefaultValue("60s") Duration bodyIdle,
        @DefaultValue("3") int maxAttempts,
        @DefaultValue({"502", "503", "504"}) Set<Integer> retryStatuses,
        @DefaultValue("64KB") DataSize replayLimit,
        @DefaultValue HoldSettings hold,
        @DefaultValue RetryBudgetSettings retryBudget,
        @DefaultValue HedgeSettings hedge,
        @DefaultValue LimitSettings limit,
        @DefaultValue PoolSettings pool,
        @DefaultValue BreakerSettings breaker) {

    private static final int MOST_ATTEMPTS = 10;
    private static final int WHOLE = 100;
    private static final int SERVER_ERROR = 500;
    private static final int LAST_STATUS = 599;
    private static final DataSize LARGEST_REPLAY = DataSize.ofMegabytes(1);

    public GatewaySettings {
        services = Map.copyOf(services);
        services.forEach(GatewaySettings::requireSense);
        requireSense(balancer, zone, zoneShare);
        retryStatuses = Set.copyOf(retryStatuses);
        trustedProxies = List.copyOf(trustedProxies);
        trustedProxies.forEach(GatewaySettings::trusted);
        requirePositive("connect-timeout", connectTimeout);
        requirePositive("attempt-timeout", attemptTimeout);
        requirePositive("deadline", deadline);
        requirePositive("body-idle", bodyIdle);
        if (attemptTimeout.compareTo(deadline) > 0) {
            throw new IllegalArgumentException(
                    "'lepton.gateway.attempt-timeout' %s must not be longer than 'lepton.gateway.deadline' %s"
                            .formatted(attemptTimeout, deadline));
        }
        if (connectTimeout.compareTo(attemptTimeout) > 0) {
            throw new IllegalArgumentException(
                    "'lepton.gateway.connect-timeout' %s must not be longer than 'lepton.gateway.attempt-timeout' %s"
                            .formatted(connectTimeout, attemptTimeout));
        }
        if (maxAttempts < 1 || maxAttempts > MOST_ATTEMPTS) {
            throw new IllegalArgumentException(
                    "'lepton.gateway.max-attempts' %d must be from 1 to %d"
                            .formatted(maxAttempts, MOST_ATTEMPTS));
        }
        for (int status : retryStatuses) {
            if (status < SERVER_ERROR || status > LAST_STATUS) {
                throw new IllegalArgumentException(
                        "'lepton.gateway.retry-statuses' %d must be from %d to %d: other answers are no failures"
                                .formatted(status, SERVER_ERROR, LAST_STATUS));
            }
        }
        if (replayLimit.isNegative() || replayLimit.compareTo(LARGEST_REPLAY) > 0) {
            throw new IllegalArgumentException(
                    "'lepton.gateway.replay-limit' %s must be from 0B to %s"
                            .formatted(replayLimit, LARGEST_REPLAY));
        }
    }

    /** Whether a request to a service that carries an {@code Idempotency-Key} may be repeated. */
    public boolean idempotencyKeyOf(String service) {
        ServiceSettings settings = services.get(service);
        return settings != null && settings.idempotencyKey();
    }

    public Priority priorityOf(String service) {
        ServiceSettings settings = services.get(service);
        return settings == null ? Priority.NORMAL : settings.priority();
    }

    public UnitProtocol protocolOf(String service) {
        ServiceSettings settings = services.get(service);
        return settings == null ? UnitProtocol.HTTP1 : settings.protocol();
    }

    public Duration deadlineOf(String service) {
        ServiceSettings settings = services.get(service);
        Duration own = settings == null ? null : settings.deadline();
        return own == null ? deadline : own;
    }

    /** Of the services that have one. */
    public Map<String, ServiceRateLimit> rateLimits() {
        Map<String, ServiceRateLimit> limits = new TreeMap<>();
        services.forEach((service, settings) -> {
            if (settings.rateLimit() != null) {
                limits.put(service, settings.rateLimit());
            }
        });
        return limits;
    }

    public BalancerKind balancerOf(String service) {
        ServiceSettings settings = services.get(service);
        BalancerKind own = settings == null ? null : settings.balancer();
        return own == null ? balancer : own;
    }

    public Set<EdgeSettings.Allowance> allowedTo(String service) {
        ServiceSettings settings = services.get(service);
        return settings == null ? Set.of() : settings.allow();
    }

    public List<Cidr> trustedNetworks() {
        return trustedProxies.stream().map(GatewaySettings::trusted).toList();
    }

    private static Cidr trusted(String network) {
        try {
            return Cidr.of(network);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "'lepton.gateway.trusted-proxies' %s must be a network such as 10.0.0.0/8: %s"
                            .formatted(network, e.getMessage()));
        }
    }

    /** The percentage of each version, empty when the service is not set to have any. */
    public Map<String, Integer> versionsOf(String service) {
        ServiceSettings settings = services.get(service);
        return settings == null ? Map.of() : settings.versions();
    }

    private static void requireSense(
            BalancerKind balancer, @Nullable String zone, @Nullable Double zoneShare) {
        if (balancer == BalancerKind.CONSISTENT_HASH) {
            throw new IllegalArgumentException(
                    "'lepton.gateway.balancer' consistent-hash must be set for single services, each with its 'hash-key'");
        }
        if (zone != null && zone.isBlank()) {
            throw new IllegalArgumentException("'lepton.gateway.zone' must not be blank");
        }
        if (zoneShare != null && !(zoneShare > 0 && zoneShare <= 1)) {
            throw new IllegalArgumentException(
                    "'lepton.gateway.zone-share' %s must be above 0 and at most 1"
                            .formatted(zoneShare));
        }
        if (zoneShare != null && zone == null) {
            throw new IllegalArgumentException(
                    "'lepton.gateway.zone-share' %s says nothing without 'lepton.gateway.zone'"
                            .formatted(zoneShare));
        }
    }

    private static void requireSense(String service, ServiceSettings settings) {
        String prefix = "lepton.gateway.services." + service;
        boolean byKey = settings.balancer() == BalancerKind.CONSISTENT_HASH;
        if (byKey && settings.hashKey() == null) {
            throw new IllegalArgumentException(
                    "'%s.balancer' consistent-hash needs '%s.hash-key'".formatted(prefix, prefix));
        }
        Map<String, Integer> versions = settings.versions();
        if (settings.hashKey() != null && !byKey && versions.isEmpty()) {
            throw new IllegalArgumentException(
                    "'%s.hash-key' says nothing unless '%s.balancer' is consistent-hash or '%s.versions' is set"
                            .formatted(prefix, prefix, prefix));
        }
        long sum = versions.values().stream().mapToLong(Integer::longValue).sum();
        if (!versions.isEmpty()
                && (sum != WHOLE || versions.values().stream().anyMatch(percent -> percent < 0))) {
            throw new IllegalArgumentException(
                    "'%s.versions' %s must be percentages from 0 that add up to 100"
                            .formatted(prefix, new TreeMap<>(versions)));
        }
        if (settings.versionHeader() != null && settings.versionHeader().isBlank()) {
            throw new IllegalArgumentException(
                    "'%s.version-header' must not be blank".formatted(prefix));
        }
    }

    private static void requireShare(String name, double share) {
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException(
                    "'lepton.gateway.%s' %s must be above 0 and at most 1".formatted(name, share));
        }
    }

    static void requirePositive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(
                    "'lepton.gateway.%s' %s must be positive".formatted(name, value));
        }
    }

    /**
     * Settings of one service.
     *
     * @param balancer how a unit of this service is picked; as for all others when not set
     * @param hashKey what of a request decides by consistent-hash which unit it goes to, and which
     *     version it falls to: header:NAME, cookie:NAME or query:NAME
     * @param versions percentage of the requests that each version gets; units of other versions
     *     get some only when none of these is routable
     * @param versionHeader header of a request by which whoever sends it can demand a version; none
     *     when not set
     * @param idempotencyKey whether its units do the work of requests with one Idempotency-Key only
     *     once, so that such a request may be sent again whatever its method
     * @param deadline time to response headers after which a request is answered 504; as for all
     *     others when not set
     * @param priority whose requests are refused first when it has more to do than it can
     * @param allow what its units read as the gateway does, and is let through to them although it
     *     is refused by default
     * @param rateLimit how many requests it gets from one client; as many as come when not set
     * @param cache whether its answers are kept and given again; they are not when not set
     * @param protocol what its units speak; gRPC needs http2
     */
    public record ServiceSettings(
            @Nullable BalancerKind balancer,
            @Nullable HashKey hashKey,
            @DefaultValue Map<String, Integer> versions,
            @Nullable String versionHeader,
            @DefaultValue("false") boolean idempotencyKey,
            @Nullable Duration deadline,
            @DefaultValue("normal") Priority priority,
            @DefaultValue Set<EdgeSettings.Allowance> allow,
            @Nullable ServiceRateLimit rateLimit,
            @Nullable ServiceCache cache,
            @DefaultValue("http1") UnitProtocol protocol) {

        public ServiceSettings {
            versions = Map.copyOf(versions);
            allow = Set.copyOf(allow);
            if (deadline != null) {
                requirePositive("services.*.deadline", deadline);
            }
        }
    }

    /**
     * The share of its requests that a new start of a unit gets while it is cold; it grows in a
     * straight line.
     *
     * @param window how long it takes to the whole share; 0s is no slow start
     * @param minShare share at the beginning
     */
    public record SlowStartSettings(
            @DefaultValue("10s") Duration window, @DefaultValue("0.1") double minShare) {

        public SlowStartSettings {
            if (window.isNegative()) {
                throw new IllegalArgumentException(
                        "'lepton.gateway.slow-start.window' %s must not be negative"
                                .formatted(window));
            }
            if (!(minShare > 0 && minShare <= 1)) {
                throw new IllegalArgumentException(
                        "'lepton.gateway.slow-start.min-share' %s must be above 0 and at most 1"
                                .formatted(minShare));
            }
        }
    }

    /**
     * Requests that wait while their service has no unit to send them to and one is coming back.
     *
     * @param timeout how long a request is held in all before it is answered 503; its deadline ends
     *     the wait as well
     * @param requests requests of one service that are held at a time, more are answered 503 at
     *     once; 0 holds none
     * @param expectReturn how long after a supervised unit drained, stopped or went down it is
     *     waited for although nothing says that it is started again; 0s is not at all
     */
    public record HoldSettings(
            @DefaultValue("10s") Duration timeout,
            @DefaultValue("1000") int requests,
            @DefaultValue("5s") Duration expectReturn) {

        private static final int MOST_REQUESTS = 100_000;

        public HoldSettings {
            requirePositive("hold.timeout", timeout);
            if (requests < 0 || requests > MOST_REQUESTS) {
                throw new IllegalArgumentException(
                        "'lepton.gateway.hold.requests' %d must be from 0 to %d"
                                .formatted(requests, MOST_REQUESTS));
            }
            if (expectReturn.isNegative()) {
                throw new IllegalArgumentException(
                        "'lepton.gateway.hold.expect-return' %s must not be negative"
                                .formatted(expectReturn));
            }
        }
    }

    /**
     * Attempts beyond the first of each request, per service and in any 10 seconds. Attempts after
     * ones that were never sent are not counted.
     *
     * @param ratio of the requests
     * @param perSecond attempts that are allowed besides, whatever the number of requests
     */
    public record RetryBudgetSettings(
            @DefaultValue("0.2") double ratio, @DefaultValue("10") int perSecond) {

        private static final int MOST_PER_SECOND = 1_000_000;

        public RetryBudgetSettings {
            if (!(ratio >= 0 && ratio <= MOST_ATTEMPTS)) {
                throw new IllegalArgumentException(
                        "'lepton.gateway.retry-budget.ratio' %s must be from 0 to %d"
                                .formatted(ratio, MOST_ATTEMPTS));
            }
            if (perSecond < 0 || perSecond > MOST_PER_SECOND) {
                throw new IllegalArgumentException(
                        "'lepton.gateway.retry-budget.per-second' %d must be from 0 to %d"
                                .formatted(perSecond, MOST_PER_SECOND));
            }
        }
    }

    /**
     * A second attempt for a GET, HEAD or OPTIONS that takes longer than nearly all requests of its
     * service did lately. The first answer counts.
     *
     * @param quantile share of the requests that are faster than the time after which one is hedged
     * @param minDelay shortest time after which one is hedged
     * @param ratio hedges there may be in any 10 seconds, of the requests; they are counted in the
     *     retry budget too; 0 makes none
     */
    public record HedgeSettings(
            @DefaultValue("0.95") double quantile,
            @DefaultValue("20ms") Duration minDelay,
            @DefaultValue("0.05") double ratio) {

        public HedgeSettings {
            if (!(quantile > 0 && quantile < 1)) {
                throw new IllegalArgumentException(
                        "'lepton.gateway.hedge.quantile' %s must be above 0 and below 1"
                                .formatted(quantile));
            }
            requirePositive("hedge.min-delay", minDelay);
            if (!(ratio >= 0 && ratio <= 1)) {
                throw new IllegalArgumentException(
                        "'lepton.gateway.hedge.ratio' %s must be from 0 to 1".formatted(ratio));
            }
        }
    }

    /**
     * Requests of one service that may wait for the head of an answer at a time; those beyond are
     * answered 503 at once. A request of normal priority is let in up to 90 % of the limit, one of
     * low priority up to half of it, one of high priority up to all of it.
     *
     * @param adaptive whether the limit follows how long answers take; else only that of the
     *     service holds
     * @param initial requests that may wait for each unit, before anything is known
     * @param least lowest limit of each unit
     * @param most highest limit of each unit
     * @param tolerance times the usual time of an answer that is no sign of too many
     * @param service requests that may wait for a service, however many units it has: what bounds
     *     the gateway's memory
     */
    public record LimitSettings(
            @DefaultValue("true") boolean adaptive,
            @DefaultValue("500") int initial,
            @DefaultValue("10") int least,
            @DefaultValue("1000") int most,
            @DefaultValue("2") double tolerance,
            @DefaultValue("2000") int service) {

        private static final int HIGHEST = 1_000_000;

        public LimitSettings {
            if (least < 1 || initial < least || most < initial || most > HIGHEST) {
                throw new IllegalArgumentException(
                        "'lepton.gateway.limit.least' %d must be at least 1, 'lepton.gateway.limit.initial' %d not below it, 'lepton.gateway.limit.most' %d not below that, nor above %d"
                                .formatted(least, initial, most, HIGHEST));
            }
            if (!(tolerance >= 1 && tolerance <= 100)) {
                throw new IllegalArgumentException(
                        "'lepton.gateway.limit.tolerance' %s must be from 1 to 100"
                                .formatted(tolerance));
            }
            if (service < 1 || service > HIGHEST) {
                throw new IllegalArgumentException(
                        "'lepton.gateway.limit.service' %d must be from 1 to %d"
                                .formatted(service, HIGHEST));
            }
        }
    }

    /**
     * Connections to each unit.
     *
     * @param maxConnections connections that may be open to one unit from one event loop, of which
     *     there is one for each processor, and at least four
     * @param maxIdle time after which an unused connection is closed; shorter than the units keep
     *     theirs
     */
    public record PoolSettings(
            @DefaultValue("1000") int maxConnections, @DefaultValue("10s") Duration maxIdle) {

        public PoolSettings {
            if (maxConnections < 1) {
                throw new IllegalArgumentException(
                        "'lepton.gateway.pool.max-connections' %d must be at least 1"
                                .formatted(maxConnections));
            }
            requirePositive("pool.max-idle", maxIdle);
        }
    }

    /**
     * When a unit is no longer asked, by this gateway's own evidence.
     *
     * @param open how long a failing unit is left alone before one request tries it; doubles with
     *     each failed try
     * @param maxOpen longest time that it is left alone
     * @param refused how long a unit that refused a connection is left alone, and after which a
     *     request that is held because of that asks it again
     * @param window number of last answers that are judged
     * @param minimum answers before which nothing is judged
     * @param failureRatio share of failures in the window at which the unit is left alone
     * @param failuresInRow failures without a good answer in between after which it is left alone,
     *     whatever it answered before
     * @param slow time to an answer's head from which it counts as slow
     * @param slowRatio share of slow answers in the window at which the unit is left alone, as long
     *     as others of its service are not
     * @param silentAttempts attempts without any answer in between after which a unit counts as
     *     hung
     */
    public record BreakerSettings(
            @DefaultValue("2s") Duration open,
            @DefaultValue("60s") Duration maxOpen,
            @DefaultValue("1s") Duration refused,
            @DefaultValue("20") int window,
            @DefaultValue("5") int minimum,
            @DefaultValue("0.5") double failureRatio,
            @DefaultValue("5") int failuresInRow,
            @DefaultValue("2s") Duration slow,
            @DefaultValue("0.8") double slowRatio,
            @DefaultValue("3") int silentAttempts) {

        public BreakerSettings {
            requirePositive("breaker.open", open);
            requirePositive("breaker.refused", refused);
            if (maxOpen.compareTo(open) < 0) {
                throw new IllegalArgumentException(
                        "'lepton.gateway.breaker.max-open' %s must not be shorter than 'lepton.gateway.breaker.open' %s"
                                .formatted(maxOpen, open));
            }
            if (minimum < 1 || window < minimum) {
                throw new IllegalArgumentException(
                        "'lepton.gateway.breaker.window' %d must be at least 'lepton.gateway.breaker.minimum' %d, and that at least 1"
                                .formatted(window, minimum));
            }
            requireShare("breaker.failure-ratio", failureRatio);
            requirePositive("breaker.slow", slow);
            requireShare("breaker.slow-ratio", slowRatio);
            if (failuresInRow < 1) {
                throw new IllegalArgumentException(
                        "'lepton.gateway.breaker.failures-in-row' %d must be at least 1"
                                .formatted(failuresInRow));
            }
            if (silentAttempts < 1) {
                throw new IllegalArgumentException(
                        "'lepton.gateway.breaker.silent-attempts' %d must be at least 1"
                                .formatted(silentAttempts));
            }
        }
    }
}
