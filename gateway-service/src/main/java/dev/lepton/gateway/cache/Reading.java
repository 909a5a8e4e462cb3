package dev.lepton.gateway.cache;

import dev.lepton.gateway.cache.CacheFilter.Cached;
import dev.lepton.gateway.cache.CacheFilter.Shared;
import dev.lepton.gateway.problem.GatewayProblem;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** One GET or HEAD of a service that has a cache. */
final class Reading {

    private static final String NO_TROUBLE = "";

    /** RFC 5861, section 4. */
    private static final Set<HttpStatusCode> TROUBLE =
            Set.of(
                    HttpStatus.INTERNAL_SERVER_ERROR,
                    HttpStatus.BAD_GATEWAY,
                    HttpStatus.SERVICE_UNAVAILABLE,
                    HttpStatus.GATEWAY_TIMEOUT);

    private final CacheKey key;
    private final Cached set;
    private final ServerWebExchange exchange;
    private final HttpHeaders request;
    private final CacheControl asked;
    private final GatewayFilterChain chain;
    private final Shared shared;
    private final PendingAnswer pending;
    private final @Nullable Kept found;
    private long askedNanos;

    Reading(
            CacheKey key,
            Cached set,
            ServerWebExchange exchange,
            GatewayFilterChain chain,
            Shared shared) {
        this.key = key;
        this.set = set;
        this.exchange = exchange;
        this.request = exchange.getRequest().getHeaders();
        this.asked = CacheControl.of(request);
        this.chain = chain;
        this.shared = shared;
        this.pending = new PendingAnswer(exchange);
        this.found = unlessForOthers(shared.cache().find(key, request));
    }

    /** Who says who they are may get something else than who does not. */
    private @Nullable Kept unlessForOthers(@Nullable Kept kept) {
        return kept == null
                        || !request.containsHeader(HttpHeaders.AUTHORIZATION)
                        || Rules.isForAnybody(kept.says())
                ? kept
                : null;
    }

    private long now() {
        return shared.nanoTime().getAsLong();
    }

    private void count(Outcome outcome) {
        shared.metrics().count(key.service(), outcome);
    }

    Mono<Void> answer() {
        long now = now();
        if (found != null && found.satisfies(asked, now)) {
            count(Outcome.HIT);
            pending.become(found, now, "hit; ttl=" + found.freshFor(now).toSeconds());
            return Mono.empty();
        }
        if (asked.has("only-if-cached")) {
            return Mono.error(GatewayProblem.notKept());
        }
        askedNanos = now;
        String why = why(now);
        Kept questioned = questioned();
        return chain.filter(questioned == null ? exchange : conditional(questioned))
                .then(Mono.just(NO_TROUBLE))
                .onErrorResume(this::canBeReplaced, error -> Mono.just(codeOf(error)))
                .flatMap(trouble -> trouble.equals(NO_TROUBLE) ? answered(why) : instead(trouble));
    }

    private String why(long now) {
        if (found == null) {
            return shared.cache().has(key) ? "vary-miss" : "uri-miss";
        }
        return found.freshFor(now).isPositive() && !found.says().has("no-cache")
                ? "request"
                : "stale";
    }

    /** What a unit can say of whether it still holds. */
    private @Nullable Kept questioned() {
        return found != null
                        && exchange.getRequest().getMethod().equals(HttpMethod.GET)
                        && Rules.hasValidator(found.headers())
                ? found
                : null;
    }

    /** Asks whether what is kept still holds, in place of what the client may have. */
    private ServerWebExchange conditional(Kept kept) {
        return exchange.mutate()
                .request(conditional ->
                        conditional.headers(headers -> {
                            copy(kept, HttpHeaders.ETAG, headers, HttpHeaders.IF_NONE_MATCH);
                            copy(
                                    kept,
                                    HttpHeaders.LAST_MODIFIED,
                                    headers,
                                    HttpHeaders.IF_MODIFIED_SINCE);
                        }))
                .build();
    }

    private static void copy(Kept kept, String from, HttpHeaders headers, String to) {
        String value = kept.headers().getFirst(from);
        if (value == null) {
            headers.remove(to);
        } else {
            headers.set(to, value);
        }
    }

    private boolean canBeReplaced(Throwable error) {
        return found != null
                && found.replacesError(now())
                && error instanceof GatewayProblem problem
                && (problem.status().is5xxServerError() || problem.isUnknownService());
    }

    private static String codeOf(Throwable error) {
        return error instanceof GatewayProblem problem ? problem.code() : "error";
    }

    private Mono<Void> answered(String why) {
        HttpStatusCode status = pending.ofAUnit();
        if (status == null) {
            return Mono.empty();
        }
        Kept questioned = questioned();
        if (status.equals(HttpStatus.NOT_MODIFIED) && questioned != null) {
            return pending.toItsEnd().then(Mono.fromRunnable(() -> renew(questioned, why)));
        }
        if (TROUBLE.contains(status) && found != null && found.replacesError(now())) {
            pending.breakOff();
            return instead("status-" + status.value());
        }
        count(Outcome.MISS);
        pending.tell("fwd=" + why);
        if (exchange.getRequest().getMethod().equals(HttpMethod.GET)) {
            keepWhenItHasPassed(status);
        }
        return Mono.empty();
    }

    private Mono<Void> instead(String trouble) {
        if (found != null) {
            count(Outcome.STALE);
            long now = now();
            long ttl = found.freshFor(now).toSeconds();
            pending.become(found, now, "hit; ttl=%d; detail=%s".formatted(ttl, trouble));
        }
        return Mono.empty();
    }

    private void renew(Kept known, String why) {
        long now = now();
        HttpHeaders headers = HttpHeaders.copyOf(known.headers());
        dated(pending.headersOfTheUnit())
                .forEach((name, values) -> {
                    if (!PendingAnswer.OF_THE_BODY.contains(name.toLowerCase(Locale.ROOT))) {
                        headers.put(name, values);
                    }
                });
        Kept renewed = kept(known.status(), headers, known.body(), now);
        if (Rules.mayKeep(request, known.status(), headers, set.staleIfError())) {
            shared.cache().keep(key, renewed, askedNanos);
        } else {
            shared.cache().changed(key, now);
        }
        count(Outcome.REVALIDATED);
        pending.become(renewed, now, "fwd=%s; fwd-status=304".formatted(why));
    }

    private void keepWhenItHasPassed(HttpStatusCode status) {
        HttpHeaders headers = dated(pending.headersOfTheUnit());
        long arrived = now();
        if (!Rules.mayKeep(request, status.value(), headers, set.staleIfError())) {
            if (found != null
                    && !status.equals(HttpStatus.NOT_MODIFIED)
                    && !TROUBLE.contains(status)) {
                // What is asked for is no longer what is kept, also not for when units fail.
                shared.cache().changed(key, arrived);
            }
        } else if (pending.tellsItsEnd() && headers.getContentLength() <= shared.maxBody()) {
            pending.copyBodyTo(
                    new Recording(
                            shared.cache(),
                            shared.maxBody(),
                            body ->
                                    shared.cache()
                                            .keep(
                                                    key,
                                                    kept(status.value(), headers, body, arrived),
                                                    askedNanos)));
        }
    }

    /** RFC 9110, section 6.6.1. */
    private HttpHeaders dated(HttpHeaders headers) {
        if (!headers.containsHeader(HttpHeaders.DATE)) {
            headers.setDate(shared.clock().instant());
        }
        return headers;
    }

    private Kept kept(int status, HttpHeaders headers, Kept.Body body, long arrivedNanos) {
        CacheControl says = CacheControl.of(headers);
        Long fresh = Rules.freshSeconds(headers, says);
        HttpHeaders given = HttpHeaders.copyOf(headers);
        given.remove(HttpHeaders.AGE);
        if (status != HttpStatus.NO_CONTENT.value()) {
            given.setContentLength(body.length());
        }
        return new Kept(
                status,
                given,
                body,
                selectedBy(headers),
                arrivedNanos,
                Rules.ageOnArrival(headers, Duration.ofNanos(arrivedNanos - askedNanos)),
                Duration.ofSeconds(fresh == null ? 0 : fresh),
                Duration.ofSeconds(Rules.staleSeconds(says, set.staleIfError())),
                says);
    }

    private Map<String, String> selectedBy(HttpHeaders answer) {
        Map<String, String> values = new HashMap<>();
        Rules.variesBy(answer).forEach(name -> values.put(name, Kept.selecting(request, name)));
        String version = set.versionHeader();
        if (version != null) {
            values.put(version.toLowerCase(Locale.ROOT), Kept.selecting(request, version));
        }
        return Map.copyOf(values);
    }
}
