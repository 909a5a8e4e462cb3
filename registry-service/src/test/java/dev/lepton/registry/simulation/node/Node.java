package dev.lepton.registry.simulation.node;

import static dev.lepton.registry.simulation.kernel.Spans.SECOND;

import dev.lepton.client.desired.Desired;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.simulation.happening.Happening;
import dev.lepton.registry.simulation.kernel.Ground;
import dev.lepton.registry.simulation.kernel.Life;
import dev.lepton.registry.simulation.replica.Replica;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A host: a disk, a table of processes, and one supervisor at a time. */
public final class Node {

    /** Few, so that they come up again soon. */
    private static final int PIDS = 12;

    private final Ground ground;
    private final String place;
    private final List<Replica> replicas;
    private final Map<UnitId, Boolean> units;
    private final Disk disk = new Disk();
    private final List<UnitProcess> processes = new ArrayList<>();
    private @Nullable Supervisor supervisor;
    private boolean down;
    private long healedFrom = Long.MAX_VALUE;

    /**
     * @param units those that may run here, each with whether this node is its home
     */
    public Node(Ground ground, String place, List<Replica> replicas, Map<UnitId, Boolean> units) {
        this.ground = ground;
        this.place = place;
        this.replicas = replicas;
        this.units = units;
    }

    public String place() {
        return place;
    }

    /** Nothing goes wrong here by itself any more. */
    public void healFrom(long time) {
        healedFrom = time;
    }

    /** The live processes. */
    public List<UnitProcess> processes() {
        return List.copyOf(processes);
    }

    /** Null while no supervisor runs. */
    public @Nullable Life supervisorLife() {
        return supervisor == null ? null : supervisor.life();
    }

    public void startSupervisor() {
        if (supervisor == null && !down) {
            ground.trace().say(() -> place + " starts its supervisor");
            supervisor = new Supervisor(ground, this, replicas, units);
            supervisor.begin();
        }
    }

    public void crashSupervisor(long span) {
        if (supervisor != null) {
            ground.trace().say(() -> place + " loses its supervisor");
            supervisor.life().end();
            supervisor = null;
            ground.agenda().in(span, this::startSupervisor);
        }
    }

    public void crash(long span) {
        if (down) {
            return;
        }
        ground.trace().say(() -> place + " crashes");
        crashSupervisor(span);
        down = true;
        processes().forEach(this::kill);
        ground.agenda()
                .in(
                        span,
                        () -> {
                            down = false;
                            startSupervisor();
                        });
    }

    /** All of it stands still. */
    public void pause(long span) {
        ground.trace().say(() -> "%s is paused for %.1f s".formatted(place, span / 1e9));
        if (supervisor != null) {
            supervisor.life().pause(span);
        }
        processes.forEach(process -> process.pause(span));
    }

    public void kill(UnitProcess process) {
        if (processes.remove(process)) {
            ground.trace()
                    .say(() -> "%s: %s ends, %s".formatted(place, process.unit(), process.start()));
            process.life().end();
            ground.witness()
                    .see(new Happening.ProcessEnded(place, process.unit(), process.start()));
            if (supervisor != null) {
                supervisor.exited(process);
            }
        }
    }

    /** Whether the unit is to run here, as far as this node knows. */
    public boolean wants(UnitId unit, boolean atHome) {
        Desired row = disk.desired(unit);
        return row == null || row.node() == null ? atHome : row.node().value().equals(place);
    }

    /** The same, for a unit that may run here. */
    public boolean wants(UnitId unit) {
        return wants(unit, units.getOrDefault(unit, false));
    }

    /** How often the unit was restarted by itself here. */
    public long longestDelay(UnitId unit) {
        return Slot.longestDelay(Math.max(0, disk.entry(unit).restarts() - 1));
    }

    long restartGeneration(UnitId unit) {
        Desired row = disk.desired(unit);
        return row == null ? 0 : row.restartGeneration();
    }

    Disk disk() {
        return disk;
    }

    /** The process of a start, by its pid where that is known, and by what it was started with. */
    @Nullable UnitProcess find(StartId start, @Nullable Long pid) {
        return processes.stream()
                .filter(process -> pid == null || process.pid() == pid)
                .filter(process -> process.start().equals(start))
                .findFirst()
                .orElse(null);
    }

    UnitProcess spawn(UnitId unit, StartId start) {
        UnitProcess process =
                new UnitProcess(ground, replicas, unit, start, freePid(), place, this::kill);
        processes.add(process);
        ground.trace().say(() -> "%s: %s begins, %s".formatted(place, unit, start));
        ground.witness().see(new Happening.ProcessStarted(place, unit, start));
        process.begin();
        return process;
    }

    /** As likely as anything else, the supervisor ends between two of its steps. */
    void supervisorMayCrash() {
        if (ground.now() < healedFrom && ground.random().nextInt(40) == 0) {
            crashSupervisor(ground.random().nextLong(3 * SECOND));
        }
    }

    private long freePid() {
        long pid = 1 + ground.random().nextInt(PIDS);
        while (taken(pid)) {
            pid = pid % PIDS + 1;
        }
        return pid;
    }

    private boolean taken(long pid) {
        return processes.stream().anyMatch(process -> process.pid() == pid);
    }
}
