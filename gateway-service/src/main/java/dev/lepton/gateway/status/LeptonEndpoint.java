package dev.lepton.gateway.status;

import dev.lepton.client.unit.UnitState;
import dev.lepton.client.unit.UnitView;
import dev.lepton.client.watch.UnitWatch;
import dev.lepton.gateway.balancing.BalancerKind;
import dev.lepton.gateway.breaker.BreakerState;
import dev.lepton.gateway.budget.RetryBudget;
import dev.lepton.gateway.holding.WaitingRoom;
import dev.lepton.gateway.overload.ServiceLoad;
import dev.lepton.gateway.routing.RoutingTable;
import dev.lepton.gateway.routing.RoutingTables;
import dev.lepton.gateway.routing.ServiceUnits;
import dev.lepton.gateway.routing.TrackedUnit;
import dev.lepton.gateway.service.Experiences;
import dev.lepton.gateway.settings.GatewaySettings;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/**
 * {@code /actuator/lepton}: the routing table, how requests are spread, breakers, requests in
 * flight and held, retry budgets, limits and the watch.
 */
@Endpoint(id = "lepton")
public final class LeptonEndpoint {

    private static final double NANOS_PER_MILLI = 1e6;

    private final RoutingTables tables;
    private final WaitingRoom room;
    private final Experiences experiences;
    private final GatewaySettings settings;
    private final UnitWatch watch;
    private final LongSupplier nanoTime;

    LeptonEndpoint(
            RoutingTables tables,
            WaitingRoom room,
            Experiences experiences,
            GatewaySettings settings,
            UnitWatch watch,
            LongSupplier nanoTime) {
        this.tables = tables;
        this.room = room;
        this.experiences = experiences;
        this.settings = settings;
        this.watch = watch;
        this.nanoTime = nanoTime;
    }

    @ReadOperation
    public Status status() {
        RoutingTable table = tables.current();
        long now = nanoTime.getAsLong();
        Map<String, List<UnitStatus>> services = new TreeMap<>();
        table.services().forEach((name, units) -> services.put(name, statusOf(units, table, now)));
        var seen = watch.status();
        return new Status(
                table.position() == null ? null : table.position().toString(),
                new WatchSummary(
                        seen.connectedTo() == null ? null : seen.connectedTo().toString(),
                        seen.lastHeardMillisAgo(),
                        seen.fromDisk()),
                services,
                balancing(services.keySet()),
                room.held(),
                retryBudgets(),
                loads(table));
    }

    private Map<String, LoadStatus> loads(RoutingTable table) {
        Map<String, LoadStatus> status = new TreeMap<>();
        experiences
                .all()
                .forEach((service, experience) -> {
                    ServiceLoad load = experience.load();
                    ServiceUnits units = table.service(service);
                    int routable = units == null ? 0 : units.routable().size();
                    status.put(service, new LoadStatus(load.waiting(), load.limit(routable)));
                });
        return status;
    }

    private Map<String, BalancingStatus> balancing(Set<String> services) {
        Map<String, BalancingStatus> status = new TreeMap<>();
        for (String service : services) {
            status.put(
                    service,
                    new BalancingStatus(
                            settings.balancerOf(service),
                            new TreeMap<>(settings.versionsOf(service))));
        }
        return status;
    }

    private Map<String, BudgetStatus> retryBudgets() {
        Map<String, BudgetStatus> status = new TreeMap<>();
        experiences
                .all()
                .forEach((service, experience) -> {
                    RetryBudget budget = experience.budget();
                    status.put(
                            service,
                            new BudgetStatus(
                                    budget.offered(),
                                    budget.spent(),
                                    budget.hedges(),
                                    budget.left()));
                });
        return status;
    }

    private static List<UnitStatus> statusOf(ServiceUnits units, RoutingTable table, long now) {
        return units.views().stream()
                .map(view -> statusOf(view, units, table.tracked().get(view.unitId()), now))
                .toList();
    }

    private static UnitStatus statusOf(
            UnitView view, ServiceUnits units, @Nullable TrackedUnit tracked, long now) {
        return new UnitStatus(
                view.unitId().value(),
                view.incarnation(),
                view.state(),
                view.address().toString(),
                view.version(),
                view.zone(),
                view.weight(),
                tracked == null ? 0 : tracked.share(now),
                tracked != null && units.routable().contains(tracked),
                tracked == null ? 0 : tracked.inFlight(),
                tracked == null ? 0 : tracked.latencyNanos(now) / NANOS_PER_MILLI,
                tracked == null ? null : tracked.breaker().state());
    }

    /**
     * @param position where in the change log the table was made, null before the first list
     * @param services the units of each service, routable or not
     * @param balancing how the requests of each service are spread over its units
     * @param held how many requests wait for a unit to come back, of services that have some
     * @param retryBudgets of services that had requests
     * @param loads of the same
     */
    public record Status(
            @Nullable String position,
            WatchSummary watch,
            Map<String, List<UnitStatus>> services,
            Map<String, BalancingStatus> balancing,
            Map<String, Integer> held,
            Map<String, BudgetStatus> retryBudgets,
            Map<String, LoadStatus> loads) {}

    /**
     * @param waiting requests that wait for the head of an answer
     * @param limit how many may at a time, those of high priority included
     */
    public record LoadStatus(int waiting, int limit) {}

    /**
     * @param versions percentage of the requests that each version gets, empty when versions make
     *     no difference
     */
    public record BalancingStatus(BalancerKind balancer, Map<String, Integer> versions) {}

    /**
     * @param offered requests in the last 10 s
     * @param spent attempts beyond the first in the last 10 s
     * @param hedges those among them that were made because the first took long
     * @param left attempts beyond the first that may begin now
     */
    public record BudgetStatus(long offered, long spent, long hedges, long left) {}

    /**
     * @param connectedTo the registry that is followed, null when none answers
     * @param lastHeardMillisAgo null before anything was heard
     * @param fromDisk whether the table still is the one from disk
     */
    public record WatchSummary(
            @Nullable String connectedTo, @Nullable Long lastHeardMillisAgo, boolean fromDisk) {}

    /**
     * @param weight its share of the requests in proportion to others, 100 is ordinary
     * @param share the part of that which it gets in its slow start, 1 afterwards, 0 for a unit
     *     that cannot have requests
     * @param routable whether it can take a request that is not pinned to its version
     * @param latencyMillis what it takes to answer, 0 when unknown
     * @param breaker whether it is asked, null for a unit that cannot have requests
     */
    public record UnitStatus(
            String id,
            long incarnation,
            UnitState state,
            String address,
            @Nullable String version,
            @Nullable String zone,
            int weight,
            double share,
            boolean routable,
            int inFlight,
            double latencyMillis,
            @Nullable BreakerState breaker) {}
}
