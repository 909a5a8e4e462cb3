package dev.lepton.gateway.problem;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/**
 * The one place that turns a failure into an answer. A response that has begun is broken off
 * instead.
 */
final class ProblemWriter implements WebExceptionHandler, Ordered {

    private static final Logger log = LoggerFactory.getLogger(ProblemWriter.class);
    private static final int BEFORE_THE_DEFAULT = -2;

    private final JsonMapper json;

    ProblemWriter(JsonMapper json) {
        this.json = json;
    }

    @Override
    public int getOrder() {
        return BEFORE_THE_DEFAULT;
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
        if (exchange.getResponse().isCommitted()) {
            return Mono.error(failure);
        }
        if (failure instanceof GatewayProblem problem) {
            return write(
                    exchange,
                    problem.status(),
                    problem.code(),
                    problem.detail(),
                    problem.retryAfter());
        }
        if (failure instanceof ErrorResponse response) {
            HttpStatusCode status = response.getStatusCode();
            return write(exchange, status, codeOf(status), response.getBody().getDetail(), null);
        }
        ResponseStatus said =
                AnnotatedElementUtils.findMergedAnnotation(
                        failure.getClass(), ResponseStatus.class);
        if (said != null) {
            return write(exchange, said.code(), codeOf(said.code()), failure.getMessage(), null);
        }
        log.error(
                "{} {} failed in the gateway itself",
                exchange.getRequest().getMethod(),
                exchange.getRequest().getPath(),
                failure);
        return write(
                exchange,
                HttpStatus.INTERNAL_SERVER_ERROR,
                "internal",
                "the gateway failed; its log says why",
                null);
    }

    private Mono<Void> write(
            ServerWebExchange exchange,
            HttpStatusCode status,
            String code,
            @Nullable String detail,
            @Nullable Duration retryAfter) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", "urn:lepton:problem:" + code);
        body.put("title", titleOf(status));
        body.put("status", status.value());
        if (detail != null) {
            body.put("detail", detail);
        }
        body.put("code", code);
        ServerHttpResponse response = exchange.getResponse();
        response.setStatusCode(status);
        response.getHeaders().setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        if (retryAfter != null) {
            response.getHeaders()
                    .set(HttpHeaders.RETRY_AFTER, Long.toString(retryAfter.toSeconds()));
        }
        byte[] bytes = json.writeValueAsString(body).getBytes(StandardCharsets.UTF_8);
        response.getHeaders().setContentLength(bytes.length);
        return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(bytes)));
    }

    private static String codeOf(HttpStatusCode status) {
        return titleOf(status).toLowerCase(Locale.ROOT).replace(' ', '-');
    }

    private static String titleOf(HttpStatusCode status) {
        HttpStatus known = HttpStatus.resolve(status.value());
        return known != null ? known.getReasonPhrase() : "Status " + status.value();
    }
}
