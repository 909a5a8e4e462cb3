package dev.lepton.gateway.routing;

import dev.lepton.client.unit.UnitView;
import dev.lepton.client.watch.Fleet;
import dev.lepton.gateway.balancing.Balancing;
import dev.lepton.gateway.balancing.SlowStart;
import dev.lepton.gateway.breaker.Breakers;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** Holds the current table and swaps it; readers see one whole table or the next. */
public final class RoutingTables {

    private final Breakers breakers;
    private final SlowStart slowStart;
    private final Function<String, Balancing> balancings;
    private final LongSupplier nanoTime;
    private final Consumer<TrackedUnit> whenGone;
    private final BiConsumer<RoutingTable, RoutingTable> whenChanged;
    private volatile RoutingTable current = RoutingTable.UNKNOWN;

    /**
     * @param slowStart of the starts that come when this gateway has a table already; those that it
     *     begins with may have run for long
     * @param balancings says how a service that is seen for the first time is balanced
     * @param whenGone told of each start that left the table, before the requests that wait for it
     *     are
     * @param whenChanged told of each table and the one before it, once it is the current one
     */
    public RoutingTables(
            Breakers breakers,
            SlowStart slowStart,
            Function<String, Balancing> balancings,
            LongSupplier nanoTime,
            Consumer<TrackedUnit> whenGone,
            BiConsumer<RoutingTable, RoutingTable> whenChanged) {
        this.breakers = breakers;
        this.slowStart = slowStart;
        this.balancings = balancings;
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
        // Once, so that starts which come together are of the same age.
        long now = nanoTime.getAsLong();
        RoutingTable next = before.next(fleet, view -> track(view, now), balancings, now);
        current = next;
        List<TrackedUnit> gone = before.missingIn(next);
        gone.forEach(whenGone);
        gone.stream()
                .filter(unit -> !unit.endedInOrder(fleet.units().get(unit.id())))
                .forEach(TrackedUnit::gone);
        whenChanged.accept(before, next);
    }

    private TrackedUnit track(UnitView view, long nowNanos) {
        return new TrackedUnit(
                view,
                breakers.create(view.unitId() + "#" + view.incarnation()),
                current.known() ? slowStart : SlowStart.OFF,
                nowNanos);
    }
}
