package dev.lepton.gateway.forwarding;

import static org.springframework.cloud.gateway.support.RouteMetadataUtils.RESPONSE_TIMEOUT_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR;

import dev.lepton.gateway.problem.GatewayProblem;
import dev.lepton.gateway.settings.GatewaySettings;
import dev.lepton.gateway.settings.Priority;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.route.RouteDefinition;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;

/**
 * What a request's route, its service and its client say of how it may be treated; the route's
 * metadata goes before what is set for the service.
 *
 * @param keyed whether the units know it again by its key, so that it may be sent again
 * @param deadline time to response headers after which it is answered 504
 * @param priority whether it is refused before others when its service has too much to do
 */
record Terms(boolean keyed, Duration deadline, Priority priority) {

    /** Metadata of a route: whether its units do the work of one key only once. */
    static final String IDEMPOTENCY_KEY_ATTR = "idempotency-key";

    /** Metadata of a route: {@code low}, {@code normal} or {@code high}. */
    static final String PRIORITY_ATTR = "priority";

    private static final String KEY = "Idempotency-Key";
    private static final int MOST_DIGITS = 9;

    /**
     * @throws GatewayProblem for a deadline of the client that is none
     * @throws IllegalArgumentException for metadata that cannot be read
     */
    static Terms of(String service, ServerWebExchange exchange, GatewaySettings settings) {
        HttpHeaders headers = exchange.getRequest().getHeaders();
        Map<String, Object> metadata = metadata(exchange);
        Boolean taken = idempotencyKey(metadata);
        boolean keyed =
                (taken == null ? settings.idempotencyKeyOf(service) : taken)
                        && !isBlank(headers.getFirst(KEY));
        Duration own = responseTimeout(metadata);
        Duration deadline = own == null ? settings.deadlineOf(service) : own;
        Priority priority = priority(metadata);
        return new Terms(
                keyed,
                shorter(deadline, headers.getFirst(LeptonHeaders.DEADLINE)),
                priority == null ? settings.priorityOf(service) : priority);
    }

    /**
     * @throws IllegalArgumentException for metadata that cannot be read, which names the route
     */
    static void check(RouteDefinition route) {
        try {
            idempotencyKey(route.getMetadata());
            responseTimeout(route.getMetadata());
            priority(route.getMetadata());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "route '%s': %s".formatted(route.getId(), e.getMessage()), e);
        }
    }

    private static Map<String, Object> metadata(ServerWebExchange exchange) {
        Route route = exchange.getAttribute(GATEWAY_ROUTE_ATTR);
        return route == null ? Map.of() : route.getMetadata();
    }

    /** Null when the metadata does not say. */
    static @Nullable Boolean idempotencyKey(Map<String, Object> metadata) {
        Object value = metadata.get(IDEMPOTENCY_KEY_ATTR);
        if (value == null || value instanceof Boolean) {
            return (Boolean) value;
        }
        return switch (value.toString()) {
            case "true" -> true;
            case "false" -> false;
            default -> throw unreadable(IDEMPOTENCY_KEY_ATTR, value, "true or false");
        };
    }

    /** Null when the metadata does not say. */
    static @Nullable Priority priority(Map<String, Object> metadata) {
        Object value = metadata.get(PRIORITY_ATTR);
        if (value == null) {
            return null;
        }
        try {
            return Priority.named(value.toString());
        } catch (IllegalArgumentException e) {
            throw unreadable(PRIORITY_ATTR, value, String.valueOf(e.getMessage()));
        }
    }

    /**
     * Null when the metadata does not say, also by a negative number: without any deadline no
     * request is sent.
     */
    static @Nullable Duration responseTimeout(Map<String, Object> metadata) {
        Object value = metadata.get(RESPONSE_TIMEOUT_ATTR);
        if (value == null) {
            return null;
        }
        Duration timeout;
        try {
            timeout =
                    value instanceof Number millis
                            ? Duration.ofMillis(millis.longValue())
                            : DurationStyle.detectAndParse(value.toString());
        } catch (IllegalArgumentException e) {
            throw unreadable(RESPONSE_TIMEOUT_ATTR, value, "milliseconds or a duration such as 5s");
        }
        if (timeout.isZero()) {
            throw unreadable(RESPONSE_TIMEOUT_ATTR, value, "longer than nothing");
        }
        return timeout.isNegative() ? null : timeout;
    }

    private static IllegalArgumentException unreadable(String name, Object value, String rule) {
        return new IllegalArgumentException(
                "the metadata '%s' is '%s' and must be %s".formatted(name, value, rule));
    }

    /** A client can only have less time than there is. */
    private static Duration shorter(Duration deadline, @Nullable String millisLeft) {
        if (millisLeft == null) {
            return deadline;
        }
        if (millisLeft.isEmpty()
                || millisLeft.length() > MOST_DIGITS
                || !millisLeft.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw GatewayProblem.badDeadline(LeptonHeaders.DEADLINE, MOST_DIGITS);
        }
        Duration left = Duration.ofMillis(Long.parseLong(millisLeft));
        return left.compareTo(deadline) < 0 ? left : deadline;
    }

    private static boolean isBlank(@Nullable String text) {
        return text == null || text.isBlank();
    }
}
