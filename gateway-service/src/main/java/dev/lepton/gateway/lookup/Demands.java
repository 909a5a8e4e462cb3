package dev.lepton.gateway.lookup;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.handler.AsyncPredicate;
import org.springframework.cloud.gateway.handler.predicate.HostRoutePredicateFactory;
import org.springframework.cloud.gateway.handler.predicate.PathRoutePredicateFactory;
import org.springframework.cloud.gateway.support.HasConfig;
import org.springframework.web.server.ServerWebExchange;

/**
 * What a request must have, whatever else, for a route to match it.
 *
 * @param segments the first segments of paths that can match, null where any can
 * @param hosts the hosts that can match, null where any can
 */
record Demands(@Nullable Set<String> segments, @Nullable Set<String> hosts) {

    private static final Demands NONE = new Demands(null, null);

    static Demands of(AsyncPredicate<ServerWebExchange> predicate) {
        if (!isConjunction(predicate)) {
            return NONE;
        }
        AtomicReference<@Nullable Set<String>> segments = new AtomicReference<>();
        AtomicReference<@Nullable Set<String>> hosts = new AtomicReference<>();
        predicate.accept(part -> {
            if (isOf(PathRoutePredicateFactory.class, part)
                    && part.getConfig() instanceof PathRoutePredicateFactory.Config path) {
                segments.compareAndSet(null, keys(path.getPatterns(), FirstSegment::ofPattern));
            } else if (isOf(HostRoutePredicateFactory.class, part)
                    && part.getConfig() instanceof HostRoutePredicateFactory.Config host) {
                hosts.compareAndSet(null, keys(host.getPatterns(), HostName::ofPattern));
            }
        });
        return new Demands(segments.get(), hosts.get());
    }

    /**
     * Whether every part must hold. A visitor is led through "or" and "not" just as through "and";
     * their text alone tells them. A part that has these signs in its own text is only not read.
     */
    private static boolean isConjunction(AsyncPredicate<ServerWebExchange> predicate) {
        String text = predicate.toString();
        return !text.contains("||") && !text.contains("!");
    }

    /** Anything else with the same configuration may match otherwise. */
    private static boolean isOf(Class<?> factory, HasConfig part) {
        return part.getClass().getEnclosingClass() == factory;
    }

    private static @Nullable Set<String> keys(
            List<String> patterns, Function<String, @Nullable String> keyOf) {
        Set<String> keys = new HashSet<>();
        for (String pattern : patterns) {
            String key = keyOf.apply(pattern);
            if (key == null) {
                return null;
            }
            keys.add(key);
        }
        return keys;
    }
}
