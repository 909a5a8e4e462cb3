package dev.lepton.gateway.cache;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.CLIENT_RESPONSE_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.CLIENT_RESPONSE_CONN_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.CLIENT_RESPONSE_HEADER_NAMES;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.ORIGINAL_RESPONSE_CONTENT_TYPE_ATTR;

import dev.lepton.gateway.forwarding.ClientChannel;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.client.HttpClientResponse;

/**
 * The answer that Spring Cloud Gateway is going to write to a client: that of a unit, which can be
 * looked at, copied while it passes, or replaced by one that is kept.
 */
final class PendingAnswer {

    /** RFC 9211. */
    private static final String CACHE_STATUS = "Cache-Status";

    /** What a header says of a body, and an answer without one of nothing. */
    static final Set<String> OF_THE_BODY =
            Set.of("content-length", "content-type", "content-encoding", "content-range");

    private final ServerWebExchange exchange;

    /** As they were before a unit answered. */
    private final HttpHeaders before;

    PendingAnswer(ServerWebExchange exchange) {
        this.exchange = exchange;
        this.before = HttpHeaders.copyOf(exchange.getResponse().getHeaders());
    }

    /** Null when no unit has answered. */
    @Nullable HttpStatusCode ofAUnit() {
        return exchange.getAttribute(CLIENT_RESPONSE_ATTR) == null
                ? null
                : exchange.getResponse().getStatusCode();
    }

    /** Those of the unit alone: others were set for this client. */
    HttpHeaders headersOfTheUnit() {
        HttpClientResponse answer = exchange.getRequiredAttribute(CLIENT_RESPONSE_ATTR);
        Collection<String> names =
                exchange.getAttributeOrDefault(CLIENT_RESPONSE_HEADER_NAMES, Set.of());
        HttpHeaders headers = new HttpHeaders();
        for (String name : names) {
            List<String> values = answer.responseHeaders().getAll(name);
            // What the gateway has added stands among them, and is of one answer alone.
            if (!values.isEmpty() && !name.equalsIgnoreCase("Lepton-Unit")) {
                headers.put(name, values);
            }
        }
        return headers;
    }

    /** A body that ends with its connection may have broken off. */
    boolean tellsItsEnd() {
        HttpClientResponse answer = exchange.getRequiredAttribute(CLIENT_RESPONSE_ATTR);
        return answer.status().code() == HttpStatus.NO_CONTENT.value()
                || answer.responseHeaders().contains(HttpHeaderNames.CONTENT_LENGTH)
                || answer.responseHeaders().contains(HttpHeaderNames.TRANSFER_ENCODING);
    }

    void copyBodyTo(Recording recording) {
        Connection unit = exchange.getRequiredAttribute(CLIENT_RESPONSE_CONN_ATTR);
        exchange.getAttributes()
                .put(CLIENT_RESPONSE_CONN_ATTR, new RecordedConnection(unit, recording));
    }

    /** Of an answer without a body: when that is known its connection is free. */
    Mono<Void> toItsEnd() {
        Connection unit = exchange.getRequiredAttribute(CLIENT_RESPONSE_CONN_ATTR);
        return unit.inbound().receive().then();
    }

    void breakOff() {
        Connection unit = exchange.getRequiredAttribute(CLIENT_RESPONSE_CONN_ATTR);
        unit.dispose();
    }

    void tell(String how) {
        exchange.getResponse().getHeaders().add(CACHE_STATUS, "lepton; " + how);
    }

    /** Takes its place, to be written in the same way. */
    void become(Kept kept, long nowNanos, String how) {
        HttpHeaders request = exchange.getRequest().getHeaders();
        boolean clientHas =
                kept.status() == HttpStatus.OK.value()
                        && Conditions.clientHas(request, kept.headers());
        ServerHttpResponse response = exchange.getResponse();
        HttpHeaders headers = response.getHeaders();
        headers.clear();
        headers.putAll(before);
        headers.addAll(kept.headers());
        headers.set(HttpHeaders.AGE, Long.toString(kept.age(nowNanos).toSeconds()));
        tell(how);
        if (clientHas) {
            OF_THE_BODY.forEach(headers::remove);
            response.setStatusCode(HttpStatus.NOT_MODIFIED);
        } else {
            response.setStatusCode(HttpStatusCode.valueOf(kept.status()));
        }
        beReadFrom(
                new KeptConnection(
                        ClientChannel.of(exchange.getRequest()),
                        clientHas ? new byte[0] : kept.body().bytes()),
                kept.headers());
    }

    private void beReadFrom(Connection connection, HttpHeaders headers) {
        Map<String, Object> attributes = exchange.getAttributes();
        String contentType = headers.getFirst(HttpHeaders.CONTENT_TYPE);
        if (contentType != null) {
            attributes.put(ORIGINAL_RESPONSE_CONTENT_TYPE_ATTR, contentType);
        }
        attributes.remove(CLIENT_RESPONSE_ATTR);
        attributes.put(CLIENT_RESPONSE_HEADER_NAMES, headers.headerNames());
        attributes.put(CLIENT_RESPONSE_CONN_ATTR, connection);
    }
}
