package dev.lepton.gateway.forwarding;

import dev.lepton.gateway.balancing.Affinity;
import dev.lepton.gateway.settings.GatewaySettings;
import dev.lepton.gateway.settings.GatewaySettings.ServiceSettings;
import dev.lepton.gateway.settings.HashKey;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpCookie;
import org.springframework.http.server.reactive.ServerHttpRequest;

/** Reads what a request says of the units that it may go to, where its service is set to ask. */
final class Affinities {

    private final GatewaySettings settings;
    private final RandomGenerator random;

    Affinities(GatewaySettings settings, RandomGenerator random) {
        this.settings = settings;
        this.random = random;
    }

    Affinity of(String service, ServerHttpRequest request) {
        ServiceSettings own = settings.services().get(service);
        if (own == null) {
            return Affinity.NONE;
        }
        HashKey key = own.hashKey();
        String header = own.versionHeader();
        return Affinity.of(
                key == null ? null : valueOf(key, request),
                header == null ? null : unlessBlank(request.getHeaders().getFirst(header)),
                random);
    }

    private static @Nullable String valueOf(HashKey key, ServerHttpRequest request) {
        return switch (key.part()) {
            case HEADER -> unlessBlank(request.getHeaders().getFirst(key.name()));
            case QUERY -> unlessBlank(request.getQueryParams().getFirst(key.name()));
            case COOKIE -> {
                HttpCookie cookie = request.getCookies().getFirst(key.name());
                yield cookie == null ? null : unlessBlank(cookie.getValue());
            }
        };
    }

    /** What is there and says nothing would bind all such requests to one unit. */
    private static @Nullable String unlessBlank(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }
}
