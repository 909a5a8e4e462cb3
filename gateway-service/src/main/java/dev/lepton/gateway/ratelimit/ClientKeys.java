package dev.lepton.gateway.ratelimit;

import dev.lepton.gateway.settings.LimitKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.springframework.cloud.gateway.filter.ratelimit.KeyResolver;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Which requests are counted together. For the filter RequestRateLimiter these are those of one
 * principal, and of one address where nobody has logged in.
 */
final class ClientKeys implements KeyResolver {

    private static final int DIGEST_BYTES = 16;

    private final ClientAddress addresses;

    ClientKeys(ClientAddress addresses) {
        this.addresses = addresses;
    }

    String of(LimitKey key, ServerHttpRequest request) {
        return switch (key.kind()) {
            case ADDRESS -> addresses.of(request);
            case NONE -> "all";
            case HEADER -> {
                String value = request.getHeaders().getFirst(key.header());
                yield value == null || value.isBlank()
                        ? addresses.of(request)
                        : digest(value.strip());
            }
        };
    }

    @Override
    public Mono<String> resolve(ServerWebExchange exchange) {
        return exchange.getPrincipal()
                .map(principal -> digest(principal.getName()))
                .switchIfEmpty(Mono.fromSupplier(() -> addresses.of(exchange.getRequest())));
    }

    /** It may be long, or a secret, and is kept in memory and in Redis. */
    private static String digest(String value) {
        try {
            byte[] whole =
                    MessageDigest.getInstance("SHA-256")
                            .digest(value.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(Arrays.copyOf(whole, DIGEST_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
