package dev.lepton.gateway.routing;

import dev.lepton.client.unit.UnitView;
import dev.lepton.client.watch.Fleet;
import dev.lepton.gateway.balancing.Balancer;
import dev.lepton.gateway.breaker.Breakers;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** Holds the current table and swaps it; readers see one whole table or the next. */
public final class RoutingTables {

    private final Breakers breakers;
    private final Function<String, Balancer> balancers;
    private final LongSupplier nanoTime;
    private final Consumer<TrackedUnit> whenGone;
    private final BiConsumer<RoutingTable, RoutingTable> whenChanged;
    private volatile RoutingTable current = RoutingTable.UNKNOWN;

    /**
     * @param balancers makes the balancer of a service that is seen for the first time
     * @param whenGone told of each start that left the table, before the requests that wait for it
     *     are
     * @param whenChanged told of each table and the one before it, once it is the current one
     */
    public RoutingTables(
            Breakers breakers,
            Function<String, Balancer> balancers,
            LongSupplier nanoTime,
            Consumer<TrackedUnit> whenGone,
            BiConsumer<RoutingTable, RoutingTable> whenChanged) {
        this.breakers = breakers;
        this.balancers = balancers;
        this.nanoTime = nanoTime;
        this.whenGone = whenGone;
        this.whenChanged = whenChanged;
    }

    public RoutingTable current() {
        return current;
    }

    /** Makes the table for this picture the current one. */
    public synchronized void show(Fleet fleet) {
        RoutingTable before = current;
        RoutingTable next = before.next(fleet, this::track, balancers, nanoTime.getAsLong());
        current = next;
        List<TrackedUnit> gone = before.missingIn(next);
        gone.forEach(whenGone);
        gone.stream()
                .filter(unit -> !unit.endedInOrder(fleet.units().get(unit.id())))
                .forEach(TrackedUnit::gone);
        whenChanged.accept(before, next);
    }

    private TrackedUnit track(UnitView view) {
        return new TrackedUnit(
                view,
                breakers.create(view.unitId() + "#" + view.incarnation()),
                nanoTime.getAsLong());
    }
}
