package dev.lepton.gateway.problem;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** Why the gateway itself answers a request with an error. */
public final class GatewayProblem extends RuntimeException {

    private static final Duration SOON = Duration.ofSeconds(1);
    private static final String UNKNOWN_SERVICE = "unknown-service";

    private final HttpStatus status;
    private final String code;
    private final @Nullable Duration retryAfter;

    private GatewayProblem(
            HttpStatus status, String code, String detail, @Nullable Duration retryAfter) {
        // No stack trace: it would only ever show the one place that makes it, for each request of
        // an outage.
        super(detail, null, false, false);
        this.status = status;
        this.code = code;
        this.retryAfter = retryAfter;
    }

    public static GatewayProblem unknownService(String service) {
        return new GatewayProblem(
                HttpStatus.NOT_FOUND,
                UNKNOWN_SERVICE,
                "no service named '%s' is known".formatted(service),
                null);
    }

    public static GatewayProblem noFleetYet() {
        return new GatewayProblem(
                HttpStatus.SERVICE_UNAVAILABLE,
                "no-table",
                "this gateway has not heard of any unit yet: the registry does not answer and no list is on disk",
                SOON);
    }

    public static GatewayProblem noUnit(String detail) {
        return new GatewayProblem(HttpStatus.SERVICE_UNAVAILABLE, "no-unit", detail, SOON);
    }

    /** As many requests wait for the service as may. */
    public static GatewayProblem overloaded(String detail) {
        return new GatewayProblem(HttpStatus.SERVICE_UNAVAILABLE, "overloaded", detail, SOON);
    }

    /** No unit takes requests, and as many as may wait for one do already. */
    public static GatewayProblem tooManyHeld(String detail) {
        return new GatewayProblem(HttpStatus.SERVICE_UNAVAILABLE, "hold-full", detail, SOON);
    }

    /** The request was sent, its connection broke, and sending it again could do its work twice. */
    public static GatewayProblem sentAndFailed(String detail) {
        return new GatewayProblem(HttpStatus.BAD_GATEWAY, "sent-and-failed", detail, null);
    }

    public static GatewayProblem attemptsSpent(String detail) {
        return new GatewayProblem(HttpStatus.BAD_GATEWAY, "attempts-spent", detail, null);
    }

    /** A unit's response broke off before the client got a byte of it. */
    public static GatewayProblem responseBroken(String detail) {
        return new GatewayProblem(HttpStatus.BAD_GATEWAY, "response-broken", detail, null);
    }

    /** A unit fell silent before the client got a byte of its response. */
    public static GatewayProblem responseTimedOut(String detail) {
        return new GatewayProblem(HttpStatus.GATEWAY_TIMEOUT, "response-timeout", detail, null);
    }

    /** The client's own deadline cannot be read. */
    public static GatewayProblem badDeadline(String header, int mostDigits) {
        return new GatewayProblem(
                HttpStatus.BAD_REQUEST,
                "bad-deadline",
                "'%s' must be the milliseconds that are left, of at most %d digits"
                        .formatted(header, mostDigits),
                null);
    }

    public static GatewayProblem deadline(Duration deadline) {
        return new GatewayProblem(
                HttpStatus.GATEWAY_TIMEOUT,
                "deadline",
                "no response began within %s".formatted(deadline),
                null);
    }

    /** The client has sent more than its service lets one client send. */
    public static GatewayProblem rateLimited(String detail, Duration retryAfter) {
        return new GatewayProblem(HttpStatus.TOO_MANY_REQUESTS, "rate-limited", detail, retryAfter);
    }

    /** The client wants only what is kept, and nothing that is fresh is. */
    public static GatewayProblem notKept() {
        return new GatewayProblem(
                HttpStatus.GATEWAY_TIMEOUT,
                "only-if-cached",
                "no fresh answer is kept, and the request wants no other",
                null);
    }

    /** The request itself is one that no service gets. */
    public static GatewayProblem refused(int status, String code, String detail) {
        return new GatewayProblem(HttpStatus.valueOf(status), code, detail, null);
    }

    /** Whether no service of the name was ever heard of, or all its units are gone for long. */
    public boolean isUnknownService() {
        return code.equals(UNKNOWN_SERVICE);
    }

    public HttpStatus status() {
        return status;
    }

    public String code() {
        return code;
    }

    public String detail() {
        return String.valueOf(getMessage());
    }

    public @Nullable Duration retryAfter() {
        return retryAfter;
    }
}
