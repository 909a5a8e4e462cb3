package dev.lepton.gateway.lookup;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.route.Route;

/**
 * Routes by what they demand of a request: the first segment of its path, or its host. A request's
 * candidates are the routes whose demand it meets and those that demand nothing, in the order of
 * all routes: the first of them that matches is the first of all that does.
 */
final class RouteIndex {

    private final List<Route> routes;
    private final Map<String, List<Integer>> bySegment = new HashMap<>();
    private final Map<String, List<Integer>> byHost = new HashMap<>();
    private final List<Integer> always = new ArrayList<>();

    /**
     * @param routes in the order in which they are tried
     */
    RouteIndex(List<Route> routes) {
        this.routes = List.copyOf(routes);
        List<Demands> demands =
                routes.stream().map(route -> Demands.of(route.getPredicate())).toList();
        Map<String, Integer> perSegment = count(demands, Demands::segments);
        Map<String, Integer> perHost = count(demands, Demands::hosts);
        for (int position = 0; position < routes.size(); position++) {
            Set<String> segments = demands.get(position).segments();
            Set<String> hosts = demands.get(position).hosts();
            if (segments == null && hosts == null) {
                always.add(position);
            } else if (most(segments, perSegment) <= most(hosts, perHost)) {
                add(segments, position, bySegment);
            } else {
                add(hosts, position, byHost);
            }
        }
    }

    private static Map<String, Integer> count(
            List<Demands> demands, Function<Demands, @Nullable Set<String>> keysOf) {
        Map<String, Integer> counts = new HashMap<>();
        for (Demands demand : demands) {
            Set<String> keys = keysOf.apply(demand);
            if (keys != null) {
                keys.forEach(key -> counts.merge(key, 1, Integer::sum));
            }
        }
        return counts;
    }

    /** How many routes at most share a key with this one. */
    private static int most(@Nullable Set<String> keys, Map<String, Integer> counts) {
        return keys == null
                ? Integer.MAX_VALUE
                : keys.stream().mapToInt(key -> counts.getOrDefault(key, 0)).max().orElse(0);
    }

    private static void add(
            @Nullable Set<String> keys, int position, Map<String, List<Integer>> index) {
        if (keys != null) {
            keys.forEach(key -> index.computeIfAbsent(key, any -> new ArrayList<>()).add(position));
        }
    }

    Iterable<Route> candidates(@Nullable String rawPath, @Nullable String host) {
        List<Integer> ofSegment =
                bySegment.isEmpty() ? List.of() : of(FirstSegment.ofPath(rawPath), bySegment);
        List<Integer> ofHost =
                byHost.isEmpty() || host == null ? List.of() : of(HostName.of(host), byHost);
        return () -> new InOrder(ofSegment, ofHost);
    }

    private static List<Integer> of(@Nullable String key, Map<String, List<Integer>> index) {
        return key == null ? List.of() : index.getOrDefault(key, List.of());
    }

    /** A route stands in one of the three lists alone. */
    private final class InOrder implements Iterator<Route> {

        private static final int END = Integer.MAX_VALUE;

        private final List<Integer> ofSegment;
        private final List<Integer> ofHost;
        private int segmentsSeen;
        private int hostsSeen;
        private int alwaysSeen;

        private InOrder(List<Integer> ofSegment, List<Integer> ofHost) {
            this.ofSegment = ofSegment;
            this.ofHost = ofHost;
        }

        @Override
        public boolean hasNext() {
            return segmentsSeen < ofSegment.size()
                    || hostsSeen < ofHost.size()
                    || alwaysSeen < always.size();
        }

        @Override
        public Route next() {
            int segment = at(segmentsSeen, ofSegment);
            int host = at(hostsSeen, ofHost);
            int any = at(alwaysSeen, always);
            int next = Math.min(any, Math.min(segment, host));
            if (next == END) {
                throw new NoSuchElementException();
            } else if (next == segment) {
                segmentsSeen++;
            } else if (next == host) {
                hostsSeen++;
            } else {
                alwaysSeen++;
            }
            return routes.get(next);
        }

        private static int at(int seen, List<Integer> positions) {
            return seen < positions.size() ? positions.get(seen) : END;
        }
    }
}
