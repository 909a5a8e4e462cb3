package dev.lepton.gateway.holding;

import dev.lepton.gateway.routing.RoutingTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/**
 * The requests that are held, by service, in the order in which they came. They are told to look at
 * the routing table whenever it shows their service otherwise than before.
 */
public final class WaitingRoom {

    private final int perService;
    private final HoldMetrics metrics;

    // Guarded by this.
    private final Map<String, Set<Place>> byService = new HashMap<>();

    /**
     * @param perService requests of one service that have room
     */
    public WaitingRoom(int perService, HoldMetrics metrics) {
        this.perService = perService;
        this.metrics = metrics;
    }

    /** How many requests of each service are held, of services that have some. */
    public synchronized Map<String, Integer> held() {
        Map<String, Integer> counts = new TreeMap<>();
        byService.forEach((service, places) -> counts.put(service, places.size()));
        return counts;
    }

    /** Tells the requests of every service that is another in the second table. */
    public void tableChanged(RoutingTable before, RoutingTable now) {
        List<Place> told = new ArrayList<>();
        synchronized (this) {
            byService.forEach((service, places) -> {
                if (!Objects.equals(before.service(service), now.service(service))) {
                    told.addAll(places);
                }
            });
        }
        told.forEach(place -> place.look.run());
    }

    HoldMetrics metrics() {
        return metrics;
    }

    /** A place that is given back when it is disposed of; null when the room is full. */
    @Nullable Disposable enter(String service, Runnable look) {
        Place place = new Place(service, look);
        synchronized (this) {
            Set<Place> places = byService.computeIfAbsent(service, s -> new LinkedHashSet<>());
            if (places.size() >= perService) {
                return null;
            }
            places.add(place);
        }
        metrics.entered(service);
        return place;
    }

    private boolean remove(Place place) {
        synchronized (this) {
            Set<Place> places = byService.get(place.service);
            if (places == null || !places.remove(place)) {
                return false;
            }
            if (places.isEmpty()) {
                byService.remove(place.service);
            }
            return true;
        }
    }

    private final class Place implements Disposable {

        private final String service;
        private final Runnable look;

        Place(String service, Runnable look) {
            this.service = service;
            this.look = look;
        }

        @Override
        public void dispose() {
            if (remove(this)) {
                metrics.left(service);
            }
        }
    }
}
