package dev.lepton.gateway.holding;

import dev.lepton.gateway.routing.RoutingTable;
import dev.lepton.gateway.routing.ServiceUnits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The requests that are held, a line for each service. They are told to look at the routing table
 * when it shows their service otherwise than before, each on its own event loop, and not all at
 * once when there are units that they would go to.
 */
public final class WaitingRoom {

    private final int perService;
    private final HoldMetrics metrics;

    // Guarded by this, as are the lines themselves.
    private final Map<String, Line> byService = new HashMap<>();

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
        byService.forEach((service, line) -> counts.put(service, line.size()));
        return counts;
    }

    /** Calls the requests of every service that is another in the second table. */
    public void tableChanged(RoutingTable before, RoutingTable now) {
        List<Place> called = new ArrayList<>();
        synchronized (this) {
            byService.forEach((service, line) -> {
                ServiceUnits units = now.service(service);
                if (!Objects.equals(before.service(service), units)) {
                    int routable = units == null ? 0 : units.routable().size();
                    called.addAll(line.tableChanged(routable));
                }
            });
        }
        called.forEach(Place::call);
    }

    HoldMetrics metrics() {
        return metrics;
    }

    /** A place to be left again; null when the room is full. */
    @Nullable Place enter(String service, Executor loop, Runnable look) {
        Place place = new Place(service, loop, look);
        synchronized (this) {
            Line line = byService.computeIfAbsent(service, s -> new Line());
            if (line.size() >= perService) {
                return null;
            }
            line.enter(place);
        }
        metrics.entered(service);
        return place;
    }

    synchronized void underWay(Place place) {
        line(place).underWay(place);
    }

    synchronized void waitsAgain(Place place) {
        line(place).waitsAgain(place);
    }

    void looked(Place place) {
        callAfter(place, line -> line.looked(place));
    }

    void leave(Place place, boolean served) {
        callAfter(
                place,
                line -> {
                    List<Place> next = line.leave(place, served);
                    if (line.size() == 0) {
                        byService.remove(place.service());
                    }
                    return next;
                });
        metrics.left(place.service());
    }

    private void callAfter(Place place, Function<Line, List<Place>> change) {
        List<Place> called;
        synchronized (this) {
            called = change.apply(line(place));
        }
        called.forEach(Place::call);
    }

    /** A line is there as long as anyone has a place in it. */
    private Line line(Place place) {
        return Objects.requireNonNull(byService.get(place.service()));
    }
}
