package dev.lepton.benchmarks.fleet;

import dev.lepton.benchmarks.peer.LeptonDatabase;
import dev.lepton.benchmarks.peer.LeptonRegistry;
import dev.lepton.benchmarks.peer.Setup;
import dev.lepton.benchmarks.process.JvmAllocation;
import dev.lepton.benchmarks.process.Machine;
import dev.lepton.benchmarks.process.Stage;
import dev.lepton.benchmarks.process.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** What fleets of several sizes cost a registry and its PostgreSQL, each with a new one. */
public final class FleetBenchmark {

    /** PostgreSQL publishes what it counts with a delay of up to a second. */
    private static final Duration COUNTING = Duration.ofSeconds(2);

    private static final double LEAST_SHARE_OF_BEATS = 0.99;
    private static final double LEAST_HOT_SHARE = 0.95;
    private static final double FLAT = 0.01;

    private final Path checkout;
    private final Plan plan;

    public FleetBenchmark(Path checkout, List<String> arguments) {
        this.checkout = checkout;
        this.plan = Plan.parse(arguments);
    }

    public void run() throws IOException, InterruptedException {
        Machine begin = Machine.now();
        List<Cost> costs = new ArrayList<>();
        for (int units : plan.fleets()) {
            try (Stage stage = Stage.open()) {
                Cost cost = cost(stage, units);
                System.err.print(Cost.head() + cost.row());
                costs.add(cost);
            }
        }
        print(costs, begin);
        Path plot = checkout.resolve(plan.plot());
        Files.writeString(plot, Plot.of(costs));
        say("drawn: %s", plot);
    }

    private Cost cost(Stage stage, int units) throws IOException, InterruptedException {
        Setup setup = Setup.of(stage, checkout, 1, List.of(), true);
        LeptonRegistry registry =
                LeptonRegistry.start(
                        setup,
                        "lepton-registry",
                        List.of("-Xmx" + plan.heapMegabytes() + "m"),
                        List.of());
        BeatingFleet fleet = stage.keep(new BeatingFleet(registry, units));
        say("registering %,d units", units);
        long begun = System.nanoTime();
        fleet.register();
        Duration registering = Duration.ofNanos(System.nanoTime() - begun);
        say("all units beat; warming up for %d s", plan.warmUp().toSeconds());
        pause(plan.warmUp());
        LeptonDatabase database = stage.keep(LeptonDatabase.of(registry));
        JvmAllocation memory = stage.keep(JvmAllocation.of(registry.process().handle().pid()));
        return measured(units, registering, registry, fleet, database, memory);
    }

    private Cost measured(
            int units,
            Duration registering,
            LeptonRegistry registry,
            BeatingFleet fleet,
            LeptonDatabase database,
            JvmAllocation memory)
            throws IOException, InterruptedException {
        say("measuring for %d s", plan.length().toSeconds());
        Stored before = Stored.in(database);
        Usage registryBefore = registry.usage();
        Usage databaseBefore = registry.databaseUsage();
        long begun = System.nanoTime();
        Tally tally = fleet.count();
        try (FlushAges flushes = new FlushAges(registry.actuator())) {
            pause(plan.length());
            fleet.count();
            Duration length = Duration.ofNanos(System.nanoTime() - begun);
            Usage registryUsed = registry.usage().since(registryBefore);
            Usage databaseUsed = registry.databaseUsage().since(databaseBefore);
            pause(COUNTING);
            return new Cost(
                    units,
                    registering,
                    fleet.interval(),
                    length,
                    tally,
                    registryUsed,
                    databaseUsed,
                    memory.usedAfterCollection(),
                    registry.residentBytes(),
                    flushes.middleAndLongest(),
                    before,
                    Stored.in(database));
        }
    }

    private void print(List<Cost> costs, Machine begin) throws IOException {
        System.out.printf(
                Locale.ROOT,
                """
                %s Each fleet has a new registry with a heap of %d MB and its own PostgreSQL; measured for %d s, %d s after the last unit was registered.

                """,
                Machine.during(begin, Machine.now()),
                plan.heapMegabytes(),
                plan.length().toSeconds(),
                plan.warmUp().toSeconds());
        System.out.print(Cost.head());
        costs.forEach(cost -> System.out.print(cost.row()));
        System.out.println("\n| aim | measured | reached |\n| --- | --- | --- |");
        Cost largest = costs.getLast();
        // Whoever cannot store beats judges nobody: the other aims would then be no feat.
        aim(
                "every beat came, was taken and stored",
                "%s",
                largest.tally(),
                largest.tally().flawless() && largest.shareOfBeats() >= LEAST_SHARE_OF_BEATS);
        aim(
                "no unit was ever taken for anything but starting or up",
                "%,d changes to another state",
                largest.after().doubts(),
                largest.after().doubts() == 0);
        double hot = largest.after().hotShareSince(largest.before());
        aim(
                "at least 95 % of the updates of marks within their page",
                "%.2f %%", 100 * hot, hot >= LEAST_HOT_SHARE);
        double growth = largest.after().growthSince(largest.before());
        aim(
                "the database does not grow (by more than 1 %)",
                "%+.2f %%", 100 * growth, growth <= FLAT);
    }

    private static void aim(String what, String format, Object measured, boolean reached) {
        System.out.printf(
                Locale.ROOT,
                "| %s | " + format + " | %s |%n",
                what,
                measured,
                reached ? "yes" : "no");
    }

    /** The fleet beats on its own threads meanwhile. */
    private static void pause(Duration length) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(length.toNanos());
    }

    private static void say(String format, Object... values) {
        System.err.printf(Locale.ROOT, format + "%n", values);
    }
}
