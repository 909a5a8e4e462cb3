package dev.lepton.gateway.cache;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.CLIENT_RESPONSE_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.CLIENT_RESPONSE_CONN_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.CLIENT_RESPONSE_HEADER_NAMES;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.ORIGINAL_RESPONSE_CONTENT_TYPE_ATTR;

import dev.lepton.gateway.cache.CacheFilter.Cached;
import dev.lepton.gateway.cache.CacheFilter.Shared;
import dev.lepton.gateway.cache.CacheMetrics.Outcome;
import dev.lepton.gateway.problem.GatewayProblem;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.client.HttpClientResponse;
import reactor.netty.http.server.HttpServerRequest;

/** One GET or HEAD of a service that has a cache. */
final class Reading {

    /** RFC 9211. */
    private static final String CACHE_STATUS = "Cache-Status";

    private static final String NO_TROUBLE = "";
    private static final int NOT_MODIFIED = 304;
    private static final int NO_CONTENT = 204;

    /** RFC 5861, section 4. */
    private static final Set<Integer> TROUBLE = Set.of(500, 502, 503, 504);

    /** Headers of a body, which an answer without one says nothing of. */
    private static final Set<String> OF_THE_BODY =
            Set.of("content-length", "content-type", "content-encoding", "content-range");

    private final CacheKey key;
    private final Cached set;
    private final ServerWebExchange exchange;
    private final GatewayFilterChain chain;
    private final Shared shared;
    private final CacheControl asked;
    private final @Nullable Kept found;

    /** As they were before a unit answered. */
    private final HttpHeaders before;

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
        this.chain = chain;
        this.shared = shared;
        this.asked = CacheControl.of(request());
        this.found = unlessForOthers(shared.cache().find(key, request()));
        this.before = HttpHeaders.copyOf(exchange.getResponse().getHeaders());
    }

    private HttpHeaders request() {
        return exchange.getRequest().getHeaders();
    }

    /** Who says who they are may get something else than who does not. */
    private @Nullable Kept unlessForOthers(@Nullable Kept kept) {
        return kept == null
                        || !request().containsHeader(HttpHeaders.AUTHORIZATION)
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
            return give(found, now, "hit; ttl=" + found.freshFor(now).toSeconds());
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
                .flatMap(trouble ->
                        trouble.equals(NO_TROUBLE) ? answered(why) : giveInPlaceOf(trouble));
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
                .request(request ->
                        request.headers(headers -> {
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
        HttpStatusCode given = exchange.getResponse().getStatusCode();
        HttpClientResponse answer = exchange.getAttribute(CLIENT_RESPONSE_ATTR);
        if (given == null || answer == null) {
            return Mono.empty();
        }
        int status = given.value();
        Kept questioned = questioned();
        if (status == NOT_MODIFIED && questioned != null) {
            return bodyOfTheUnit().then(Mono.defer(() -> giveRenewed(questioned, answer, why)));
        }
        if (TROUBLE.contains(status) && found != null && found.replacesError(now())) {
            dropAnswerOfTheUnit();
            return giveInPlaceOf("status-" + status);
        }
        count(Outcome.MISS);
        exchange.getResponse().getHeaders().add(CACHE_STATUS, "lepton; fwd=" + why);
        if (exchange.getRequest().getMethod().equals(HttpMethod.GET)) {
            keepWhenItHasPassed(status, answer);
        }
        return Mono.empty();
    }

    /** There is none, and when that is known its connection is free. */
    private Mono<Void> bodyOfTheUnit() {
        Connection unit = connectionOfTheUnit();
        return unit == null ? Mono.empty() : unit.inbound().receive().then();
    }

    private void dropAnswerOfTheUnit() {
        Connection unit = connectionOfTheUnit();
        if (unit != null) {
            unit.dispose();
        }
    }

    /** Takes it from those who would write its body to the client. */
    private @Nullable Connection connectionOfTheUnit() {
        return (Connection) exchange.getAttributes().remove(CLIENT_RESPONSE_CONN_ATTR);
    }

    private Mono<Void> giveInPlaceOf(String trouble) {
        if (found == null) {
            return Mono.empty();
        }
        count(Outcome.STALE);
        long now = now();
        return give(
                found,
                now,
                "hit; ttl=%d; detail=%s".formatted(found.freshFor(now).toSeconds(), trouble));
    }

    private Mono<Void> giveRenewed(Kept known, HttpClientResponse answer, String why) {
        long now = now();
        HttpHeaders headers = HttpHeaders.copyOf(known.headers());
        headersOf(answer)
                .forEach((name, values) -> {
                    if (!OF_THE_BODY.contains(name.toLowerCase(Locale.ROOT))) {
                        headers.put(name, values);
                    }
                });
        Kept renewed = kept(known.status(), headers, known.body(), now);
        if (Rules.mayKeep(request(), known.status(), headers, set.staleIfError())) {
            shared.cache().keep(key, renewed, askedNanos);
        } else {
            shared.cache().changed(key, now);
        }
        count(Outcome.REVALIDATED);
        return give(renewed, now, "fwd=%s; fwd-status=304".formatted(why));
    }

    private void keepWhenItHasPassed(int status, HttpClientResponse answer) {
        HttpHeaders headers = headersOf(answer);
        if (!Rules.mayKeep(request(), status, headers, set.staleIfError())) {
            if (found != null && status != NOT_MODIFIED) {
                // What is asked for is no longer what is kept, also not for when units fail.
                shared.cache().changed(key, now());
            }
            return;
        }
        Connection unit = exchange.getAttribute(CLIENT_RESPONSE_CONN_ATTR);
        if (unit == null || !tellsItsEnd(status, answer) || tooLarge(headers)) {
            return;
        }
        long arrived = now();
        Recording recording =
                new Recording(
                        shared.cache(),
                        shared.maxBody(),
                        body ->
                                shared.cache()
                                        .keep(
                                                key,
                                                kept(status, headers, body, arrived),
                                                askedNanos));
        exchange.getAttributes()
                .put(CLIENT_RESPONSE_CONN_ATTR, new RecordedConnection(unit, recording));
    }

    /** A body that ends with its connection may have broken off. */
    private static boolean tellsItsEnd(int status, HttpClientResponse answer) {
        return status == NO_CONTENT
                || answer.responseHeaders().contains(HttpHeaderNames.CONTENT_LENGTH)
                || answer.responseHeaders().contains(HttpHeaderNames.TRANSFER_ENCODING);
    }

    private boolean tooLarge(HttpHeaders headers) {
        return headers.getContentLength() > shared.maxBody();
    }

    /** Those of the unit alone: others were set for this client. */
    private HttpHeaders headersOf(HttpClientResponse answer) {
        Collection<String> names =
                exchange.getAttributeOrDefault(CLIENT_RESPONSE_HEADER_NAMES, Set.of());
        HttpHeaders headers = new HttpHeaders();
        names.forEach(name -> headers.addAll(name, answer.responseHeaders().getAll(name)));
        if (!headers.containsHeader(HttpHeaders.DATE)) {
            // RFC 9110 6.6.1
            headers.setDate(shared.clock().instant());
        }
        return headers;
    }

    private Kept kept(int status, HttpHeaders headers, Kept.Body body, long arrivedNanos) {
        CacheControl says = CacheControl.of(headers);
        Long fresh = Rules.freshSeconds(headers, says);
        HttpHeaders given = HttpHeaders.copyOf(headers);
        given.remove(HttpHeaders.AGE);
        if (status != NO_CONTENT) {
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
        Rules.variesBy(answer).forEach(name -> values.put(name, Kept.selecting(request(), name)));
        String version = set.versionHeader();
        if (version != null) {
            values.put(version.toLowerCase(Locale.ROOT), Kept.selecting(request(), version));
        }
        return Map.copyOf(values);
    }

    /** Leaves it to be written as an answer of a unit is. */
    private Mono<Void> give(Kept kept, long nowNanos, String how) {
        ServerHttpResponse response = exchange.getResponse();
        HttpHeaders headers = response.getHeaders();
        headers.clear();
        headers.putAll(before);
        headers.addAll(kept.headers());
        headers.set(HttpHeaders.AGE, Long.toString(kept.age(nowNanos).toSeconds()));
        headers.add(CACHE_STATUS, "lepton; " + how);
        boolean clientHas =
                kept.status() == HttpStatus.OK.value()
                        && Conditions.clientHas(request(), kept.headers());
        if (clientHas) {
            OF_THE_BODY.forEach(headers::remove);
        }
        response.setStatusCode(HttpStatusCode.valueOf(clientHas ? NOT_MODIFIED : kept.status()));
        Map<String, Object> attributes = exchange.getAttributes();
        String contentType = kept.headers().getFirst(HttpHeaders.CONTENT_TYPE);
        if (contentType != null) {
            attributes.put(ORIGINAL_RESPONSE_CONTENT_TYPE_ATTR, contentType);
        }
        attributes.remove(CLIENT_RESPONSE_ATTR);
        attributes.put(CLIENT_RESPONSE_HEADER_NAMES, kept.headers().headerNames());
        attributes.put(
                CLIENT_RESPONSE_CONN_ATTR,
                new KeptConnection(
                        channelOfTheClient(), clientHas ? new byte[0] : kept.body().bytes()));
        return Mono.empty();
    }

    private Channel channelOfTheClient() {
        HttpServerRequest inbound =
                ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest());
        AtomicReference<Channel> channel = new AtomicReference<>();
        inbound.withConnection(connection -> channel.set(connection.channel()));
        return channel.get();
    }
}
