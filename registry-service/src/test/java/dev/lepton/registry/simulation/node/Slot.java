package dev.lepton.registry.simulation.node;

import static dev.lepton.registry.simulation.kernel.Spans.MILLI;
import static dev.lepton.registry.simulation.kernel.Spans.SECOND;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.simulation.kernel.Ground;
import dev.lepton.registry.simulation.kernel.Life;
import dev.lepton.registry.simulation.kernel.Weakness;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one unit running on a node where it is wanted: writes the start-id down, starts the
 * process, restarts it with backoff when it ends, and stops it where it is no longer wanted.
 */
final class Slot {

    private static final long FIRST_DELAY = SECOND / 2;
    private static final long LONGEST_DELAY = 30 * SECOND;
    private static final int PROBES = 3;

    private final Ground ground;
    private final Node node;
    private final Life life;
    private final ExitReports reports;
    private final Permits permits;
    private final UnitId unit;
    private final boolean atHome;
    private @Nullable UnitProcess running;
    private boolean startDue;
    private int failedProbes;
    private boolean asking;
    private long withdrawals;

    /**
     * @param atHome whether it runs here as long as nothing is desired of it
     */
    Slot(
            Ground ground,
            Node node,
            Life life,
            ExitReports reports,
            Permits permits,
            UnitId unit,
            boolean atHome) {
        this.ground = ground;
        this.node = node;
        this.life = life;
        this.reports = reports;
        this.permits = permits;
        this.unit = unit;
        this.atHome = atHome;
    }

    /** Finds the run that an earlier supervisor has left; only then starts anything. */
    void recover() {
        Disk.Entry entry = node.disk().entry(unit);
        StartId recorded = entry.start();
        if (recorded == null) {
            follow();
            return;
        }
        UnitProcess found = node.find(recorded, entry.pid());
        if (found == null) {
            ended(recorded, !wanted());
        } else {
            ground.trace().say(() -> "%s re-adopts %s".formatted(node.place(), unit));
            node.disk().write(unit, entry.running(recorded, found.pid()));
            running = found;
            follow();
        }
    }

    /** Does what is desired. */
    void follow() {
        Disk.Entry entry = node.disk().entry(unit);
        long generation = node.restartGeneration(unit);
        if (running != null && (!wanted() || generation > entry.restartGeneration())) {
            node.disk().write(unit, entry.following(generation));
            node.kill(running);
        } else if (running == null && wanted() && !startDue) {
            node.disk().write(unit, entry.following(generation));
            startIn(0);
        }
    }

    void exited(UnitProcess process) {
        if (process == running) {
            running = null;
            ended(process.start(), !wanted());
        }
    }

    /** A process that does not answer three times in a row is killed, by permit. */
    void probe(boolean late) {
        UnitProcess probed = running;
        if (probed == null || late || probed.answers()) {
            if (probed != null && failedProbes >= PROBES) {
                withdrawals++;
                permits.release(probed);
            }
            failedProbes = 0;
        } else if (++failedProbes >= PROBES && !asking) {
            asking = true;
            long before = withdrawals;
            permits.ask(
                    probed,
                    // What was given back meanwhile must not be used.
                    () -> before == withdrawals && probed == running && probed.hangs(),
                    () -> permitted(probed),
                    () -> asking = false);
        }
    }

    private void permitted(UnitProcess probed) {
        asking = false;
        failedProbes = 0;
        ground.trace().say(() -> "%s kills %s: no answer".formatted(node.place(), unit));
        node.kill(probed);
    }

    private boolean wanted() {
        return node.wants(unit, atHome);
    }

    private void ended(StartId start, boolean expected) {
        node.disk().write(unit, node.disk().entry(unit).ended());
        boolean waits = ground.weakBy(Weakness.RESTARTS_WAIT_FOR_THE_REGISTRY);
        reports.add(unit, start, expected, waits ? this::restart : () -> {});
        if (!waits) {
            restart();
        }
    }

    private void restart() {
        if (!wanted() || startDue) {
            return;
        }
        Disk.Entry entry = node.disk().entry(unit);
        node.disk().write(unit, entry.restartedOnceMore());
        long longest = longestDelay(entry.restarts());
        startIn(longest == 0 ? 0 : ground.random().nextLong(longest));
    }

    /** Before the restart that follows so many others. */
    static long longestDelay(int restarts) {
        return restarts == 0
                ? 0
                : Math.min(LONGEST_DELAY, FIRST_DELAY << Math.min(restarts - 1, 10));
    }

    private void startIn(long delay) {
        startDue = true;
        life.in(
                delay,
                () -> {
                    startDue = false;
                    if (wanted() && running == null) {
                        launch();
                    }
                });
    }

    private void launch() {
        startDue = true;
        StartId start =
                new StartId(new UUID(ground.random().nextLong(), ground.random().nextLong()));
        if (!ground.weakBy(Weakness.NO_START_ID_ON_DISK)) {
            node.disk().write(unit, node.disk().entry(unit).beginning(start));
        }
        life.in(
                moment(),
                () -> {
                    UnitProcess process = node.spawn(unit, start);
                    life.in(
                            moment(),
                            () -> {
                                startDue = false;
                                started(process);
                            });
                    node.supervisorMayCrash();
                });
    }

    private void started(UnitProcess process) {
        node.disk().write(unit, node.disk().entry(unit).running(process.start(), process.pid()));
        running = process;
        if (process.life().over()) {
            exited(process);
        } else {
            follow();
        }
    }

    private long moment() {
        return MILLI + ground.random().nextLong(4 * MILLI);
    }
}
