package dev.lepton.gateway.cache;

import dev.lepton.gateway.forwarding.RoutedService;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;

/**
 * What an answer is of, whoever asks: the path and query that the unit gets, and the host and
 * scheme that it is told, so that nobody gets links to a host that somebody else made up.
 */
record CacheKey(String service, String pathAndQuery, String host, String scheme) {

    private static final int OVERHEAD = 150;

    static CacheKey of(String service, ServerWebExchange exchange) {
        ServerHttpRequest request = exchange.getRequest();
        HttpHeaders headers = request.getHeaders();
        return new CacheKey(
                service,
                RoutedService.pathAndQuery(exchange),
                all(headers, HttpHeaders.HOST) + " " + all(headers, "X-Forwarded-Host"),
                request.getURI().getScheme() + " " + all(headers, "X-Forwarded-Proto"));
    }

    private static String all(HttpHeaders headers, String name) {
        List<String> values = headers.get(name);
        return values == null ? "" : String.join(",", values);
    }

    int weight() {
        return OVERHEAD
                + service.length()
                + pathAndQuery.length()
                + host.length()
                + scheme.length();
    }
}
