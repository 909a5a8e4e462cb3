package dev.lepton.registry.simulation.replica;

import static dev.lepton.registry.simulation.kernel.Spans.SECOND;

import dev.lepton.client.desired.Desired;
import dev.lepton.client.watch.Position;
import dev.lepton.registry.changelog.LoggedChange;
import dev.lepton.registry.flap.SimulatedFlapping;
import dev.lepton.registry.fleet.FleetView;
import dev.lepton.registry.fleet.SimulatedFleet;
import dev.lepton.registry.lease.SimulatedBook;
import dev.lepton.registry.simulation.kernel.Weakness;
import dev.lepton.registry.unit.UnitBuilder;
import dev.lepton.registry.unit.UnitRow;
import java.util.List;
import java.util.stream.IntStream;

/** Follows the change log: reads it each second, and at once when it is woken. */
final class Tail {

    private static final String CLUSTER = "simulated";

    private record Picture(List<LoggedChange> log, List<UnitRow> units, List<Desired> desired) {}

    private final Around around;
    private final SimulatedFleet fleet;
    private final SimulatedFlapping flapping;
    private final SimulatedBook book;
    private final Runnable loaded;
    private boolean reading;
    private boolean woken;

    /**
     * @param loaded told once the fleet was read for the first time
     */
    Tail(Around around, Runnable loaded) {
        this.around = around;
        this.fleet = new SimulatedFleet(around.clock());
        this.flapping = new SimulatedFlapping(around.terms().flap(), others(around), around.time());
        Terms terms = around.terms();
        this.book =
                new SimulatedBook(
                        terms.leaseOf(around.ground().weakness()),
                        terms.silenceOf(around.ground().weakness()),
                        terms.lifecycle(),
                        terms.flap(),
                        around.time());
        this.loaded = loaded;
    }

    FleetView fleet() {
        return fleet.view();
    }

    SimulatedFlapping flapping() {
        return flapping;
    }

    /** It is told of what silence takes. */
    SimulatedBook book() {
        return book;
    }

    /** Where that is the weakness, there are always enough others that are up. */
    private FleetView others(Around around) {
        if (!around.ground().weakBy(Weakness.ALL_THAT_FLAP_ARE_KEPT_OUT)) {
            return fleet.view();
        }
        SimulatedFleet crowd = new SimulatedFleet(around.clock());
        List<UnitRow> up =
                IntStream.range(0, 10)
                        .mapToObj(i -> UnitBuilder.aUnit("other-" + i).row())
                        .toList();
        crowd.load(new Position(CLUSTER, 0), up, List.of(), 0);
        return crowd.view();
    }

    void load() {
        long before = around.clock().nanos();
        around.connection()
                .<Picture>ask(
                        () ->
                                new Picture(
                                        around.tables().after(0),
                                        around.tables().units().stream()
                                                .filter(row -> !row.forgotten())
                                                .toList(),
                                        around.tables().allDesired()),
                        picture -> {
                            if (picture == null) {
                                around.life().in(SECOND, this::load);
                                return;
                            }
                            Position position = new Position(CLUSTER, picture.log.size());
                            fleet.load(position, picture.units, picture.desired, before);
                            flapping.loaded(position, picture.log);
                            tellBook(() -> book.loaded(position, picture.log));
                            loaded.run();
                            poll();
                        });
    }

    /** Something was committed. */
    void wake() {
        if (reading) {
            woken = true;
        } else {
            read();
        }
    }

    private void poll() {
        if (!reading) {
            read();
        }
        if (!around.ground().weakBy(Weakness.NOTIFICATIONS_ALONE)) {
            around.life().in(SECOND, this::poll);
        }
    }

    private void read() {
        reading = true;
        long before = around.clock().nanos();
        long known = fleet.view().position().revision();
        around.connection()
                .<List<LoggedChange>>ask(
                        () -> around.tables().after(known),
                        changes -> {
                            reading = false;
                            if (changes != null) {
                                fleet.apply(changes, before);
                                flapping.changed(CLUSTER, changes);
                                tellBook(() -> book.changed(CLUSTER, changes));
                            }
                            if (woken) {
                                woken = false;
                                read();
                            }
                        });
    }

    private void tellBook(Runnable news) {
        if (!around.ground().weakBy(Weakness.NO_COUNT_OF_OTHERS_TAKINGS)) {
            news.run();
        }
    }
}
