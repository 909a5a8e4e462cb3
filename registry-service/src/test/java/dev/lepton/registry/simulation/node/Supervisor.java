package dev.lepton.registry.simulation.node;

import static dev.lepton.registry.simulation.kernel.Spans.MILLI;
import static dev.lepton.registry.simulation.kernel.Spans.SECOND;

import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.simulation.kernel.Ground;
import dev.lepton.registry.simulation.kernel.Life;
import dev.lepton.registry.simulation.kernel.Loop;
import dev.lepton.registry.simulation.replica.Answer;
import dev.lepton.registry.simulation.replica.Replica;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One process of a node's supervisor: keeps its slots, probes them, follows the desired rows. */
final class Supervisor {

    private static final long TIMEOUT = 2 * SECOND;
    private static final long PROBE_INTERVAL = SECOND;
    private static final long LATE = 500 * MILLI;

    private final Ground ground;
    private final Node node;
    private final Life life;
    private final Registries registries;
    private final Map<UnitId, Slot> slots = new LinkedHashMap<>();
    private long lastProbe;

    /**
     * @param units each with whether this node is its home
     */
    Supervisor(Ground ground, Node node, List<Replica> replicas, Map<UnitId, Boolean> units) {
        this.ground = ground;
        this.node = node;
        this.life = new Life(ground.agenda());
        this.registries = new Registries(ground.network(), replicas, life, node.place());
        ExitReports reports = new ExitReports(ground, life, registries);
        Permits permits = new Permits(ground, registries);
        units.forEach((unit, atHome) ->
                slots.put(unit, new Slot(ground, node, life, reports, permits, unit, atHome)));
        lastProbe = ground.now();
    }

    Life life() {
        return life;
    }

    void begin() {
        slots.values().forEach(Slot::recover);
        new Loop(ground.agenda(), life, SECOND, this::watch).start(0);
        new Loop(ground.agenda(), life, PROBE_INTERVAL, this::probe).start(PROBE_INTERVAL);
    }

    void exited(UnitProcess process) {
        life.in(
                MILLI + ground.random().nextLong(20 * MILLI),
                () -> slots.get(process.unit()).exited(process));
    }

    private void watch(Runnable done) {
        registries.call(
                TIMEOUT,
                (replica, reply) -> replica.watch(reply),
                answer -> {
                    if (answer instanceof Answer.Watched(long revision, var desired)
                            && node.disk().follow(revision, desired)) {
                        slots.values().forEach(Slot::follow);
                    }
                    done.run();
                });
    }

    private void probe(Runnable done) {
        boolean late = ground.now() - lastProbe > PROBE_INTERVAL + LATE;
        lastProbe = ground.now();
        slots.values().forEach(slot -> slot.probe(late));
        done.run();
    }
}
