package dev.lepton.gateway.routing;

import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.client.unit.UnitView;
import dev.lepton.client.watch.Fleet;
import dev.lepton.client.watch.Position;
import dev.lepton.gateway.balancing.Affinity;
import dev.lepton.gateway.balancing.Balancing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An immutable picture of who can take requests; one hash probe finds a service.
 *
 * @param position where in the change log the fleet was seen, null before anything is known
 * @param services by name
 * @param tracked the starts that can have requests in flight, by unit
 */
public record RoutingTable(
        @Nullable Position position,
        Map<String, ServiceUnits> services,
        Map<UnitId, TrackedUnit> tracked) {

    public static final RoutingTable UNKNOWN = new RoutingTable(null, Map.of(), Map.of());

    public RoutingTable {
        services = Map.copyOf(services);
        tracked = Map.copyOf(tracked);
    }

    public boolean known() {
        return position != null;
    }

    public @Nullable ServiceUnits service(String name) {
        return services.get(name);
    }

    /** The service as a request sees it. */
    public @Nullable ServiceUnits service(String name, Affinity affinity) {
        ServiceUnits units = services.get(name);
        return units == null || affinity.version() == null
                ? units
                : units.pinnedTo(affinity.version());
    }

    /**
     * The table for another picture of the fleet; starts that are in both are handed on, and so is
     * how a service is balanced.
     */
    RoutingTable next(
            Fleet fleet,
            Function<UnitView, TrackedUnit> track,
            Function<String, Balancing> balance,
            long nowNanos) {
        Map<UnitId, TrackedUnit> trackedNow = new HashMap<>();
        Map<String, List<UnitView>> byService = new TreeMap<>();
        for (UnitView view : fleet.units().values()) {
            byService.computeIfAbsent(view.service().value(), s -> new ArrayList<>()).add(view);
            if (canHaveRequests(view.state())) {
                TrackedUnit before = tracked.get(view.unitId());
                trackedNow.put(
                        view.unitId(),
                        before != null && before.isSameStartAs(view) ? before : track.apply(view));
            }
        }
        Map<String, ServiceUnits> servicesNow = new HashMap<>();
        byService.forEach((name, views) -> {
            views.sort(Comparator.comparing(UnitView::unitId));
            ServiceUnits before = services.get(name);
            Balancing balancing = before != null ? before.balancing() : balance.apply(name);
            List<TrackedUnit> routable = routable(views, trackedNow);
            List<TrackedUnit> open = balancing.versions().open(routable);
            List<TrackedUnit> reserved = new ArrayList<>(routable);
            reserved.removeAll(open);
            servicesNow.put(
                    name,
                    new ServiceUnits(
                            name,
                            null,
                            views,
                            open,
                            reserved,
                            absences(views, fleet, before, nowNanos),
                            balancing));
        });
        return new RoutingTable(fleet.position(), servicesNow, trackedNow);
    }

    private Map<UnitId, Absence> absences(
            List<UnitView> views, Fleet fleet, @Nullable ServiceUnits before, long nowNanos) {
        Map<UnitId, Absence> absences = new HashMap<>();
        for (UnitView view : views) {
            UnitId id = view.unitId();
            TrackedUnit served = tracked.get(id);
            Absence absence =
                    Absence.of(
                            view,
                            fleet.desired().get(id),
                            before == null ? null : before.absences().get(id),
                            served != null && served.isSameStartAs(view),
                            nowNanos);
            if (absence != null) {
                absences.put(id, absence);
            }
        }
        return absences;
    }

    /** The starts of this table that the next one no longer has. */
    List<TrackedUnit> missingIn(RoutingTable next) {
        return tracked.values().stream().filter(t -> next.tracked.get(t.id()) != t).toList();
    }

    private static boolean canHaveRequests(UnitState state) {
        return switch (state) {
            case UP, SUSPECT, DRAINING -> true;
            case STARTING, DOWN, RECOVERING, QUARANTINED, STOPPED -> false;
        };
    }

    private static List<TrackedUnit> routable(
            List<UnitView> views, Map<UnitId, TrackedUnit> tracked) {
        long up = views.stream().filter(v -> v.state() == UnitState.UP).count();
        long suspect = views.stream().filter(v -> v.state() == UnitState.SUSPECT).count();
        boolean fewerThanHalfUp = 2 * up < up + suspect;
        List<TrackedUnit> routable = new ArrayList<>();
        for (UnitView view : views) {
            TrackedUnit unit = tracked.get(view.unitId());
            if (unit != null
                    && (view.state() == UnitState.UP
                            || (view.state() == UnitState.SUSPECT && fewerThanHalfUp))) {
                routable.add(unit);
            }
        }
        return routable;
    }
}
