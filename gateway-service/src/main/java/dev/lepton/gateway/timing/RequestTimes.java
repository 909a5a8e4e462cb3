package dev.lepton.gateway.timing;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

/**
 * Times all requests as {@code http.server.requests}, with the tags that Spring Boot gives them.
 * Its own observation of each request, which is switched off, costs more than the lookup of the
 * route and the choice of the unit together.
 */
final class RequestTimes implements HttpHandlerDecoratorFactory {

    private static final String NAME = "http.server.requests";
    private static final String UNKNOWN = "UNKNOWN";
    private static final Set<HttpMethod> METHODS = Set.of(HttpMethod.values());

    private final MeterRegistry meters;
    private final LongSupplier nanoTime;
    private final Map<Kind, Timer> timers = new ConcurrentHashMap<>();

    /**
     * @param status null when the client went away before there was one
     */
    private record Kind(String method, @Nullable HttpStatusCode status) {}

    RequestTimes(MeterRegistry meters, LongSupplier nanoTime) {
        this.meters = meters;
        this.nanoTime = nanoTime;
    }

    @Override
    public HttpHandler apply(HttpHandler handler) {
        return (request, response) -> {
            long beganNanos = nanoTime.getAsLong();
            return Mono.from(handler.handle(request, response))
                    .doFinally(end -> record(request, response, end, beganNanos));
        };
    }

    private void record(
            ServerHttpRequest request,
            ServerHttpResponse response,
            SignalType end,
            long beganNanos) {
        // A client can invent methods, and each would have meters of its own.
        HttpMethod method = request.getMethod();
        HttpStatusCode status = end == SignalType.CANCEL ? null : statusOf(response);
        timers.computeIfAbsent(
                        new Kind(METHODS.contains(method) ? method.name() : UNKNOWN, status),
                        this::timer)
                .record(nanoTime.getAsLong() - beganNanos, TimeUnit.NANOSECONDS);
    }

    private static HttpStatusCode statusOf(ServerHttpResponse response) {
        HttpStatusCode status = response.getStatusCode();
        return status == null ? HttpStatus.OK : status;
    }

    private Timer timer(Kind kind) {
        HttpStatusCode status = kind.status();
        return Timer.builder(NAME)
                .description("Requests of clients, from their heads to the ends of their answers")
                .tag("method", kind.method())
                .tag("status", status == null ? UNKNOWN : Integer.toString(status.value()))
                .tag("outcome", outcome(status))
                .tag("uri", UNKNOWN)
                .tag("exception", "none")
                .tag("error", "none")
                .register(meters);
    }

    private static String outcome(@Nullable HttpStatusCode status) {
        HttpStatus.Series series =
                status == null ? null : HttpStatus.Series.resolve(status.value());
        return series == null
                ? UNKNOWN
                : series == HttpStatus.Series.SUCCESSFUL ? "SUCCESS" : series.name();
    }
}
