package dev.lepton.registry.simulation;

import static dev.lepton.registry.simulation.kernel.Spans.MILLI;
import static dev.lepton.registry.simulation.kernel.Spans.SECOND;

import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.simulation.fault.Faults;
import dev.lepton.registry.simulation.fault.Stage;
import dev.lepton.registry.simulation.happening.Happening;
import dev.lepton.registry.simulation.kernel.Agenda;
import dev.lepton.registry.simulation.kernel.Ground;
import dev.lepton.registry.simulation.kernel.Network;
import dev.lepton.registry.simulation.kernel.Trace;
import dev.lepton.registry.simulation.kernel.Weakness;
import dev.lepton.registry.simulation.node.Node;
import dev.lepton.registry.simulation.node.Operator;
import dev.lepton.registry.simulation.postgres.Server;
import dev.lepton.registry.simulation.postgres.Statements;
import dev.lepton.registry.simulation.postgres.Tables;
import dev.lepton.registry.simulation.promise.Promise;
import dev.lepton.registry.simulation.promise.Recovery;
import dev.lepton.registry.simulation.replica.Replica;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** The platform of one seed: PostgreSQL, two or three replicas, two nodes, three to five units. */
final class World {

    private static final RandomGeneratorFactory<RandomGenerator> GENERATORS =
            RandomGeneratorFactory.of("L64X128MixRandom");
    private static final List<String> NODES = List.of("node-a", "node-b");
    private static final long CHECK_INTERVAL = 250 * MILLI;

    /** One permit after the other, the longest backoff, a start, a lease, the leader's way back. */
    private static final long RECOVERED_WITHIN = 120 * SECOND;

    private final Agenda agenda = new Agenda();
    private final Trace trace = new Trace(agenda);
    private final Tables tables = new Tables();
    private final Map<UnitId, String> homes = new LinkedHashMap<>();
    private final List<Replica> replicas = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();
    private final List<Promise> promises;
    private final Recovery recovery;

    World(long seed, Weakness weakness) {
        RandomGenerator random = GENERATORS.create(seed);
        Ground ground =
                new Ground(agenda, new Network(agenda, random), random, trace, this::see, weakness);
        Server server = new Server(agenda, tables, this::see, trace);
        Statements statements = new Statements(tables, this::see, weakness);
        populate(ground, server, statements);
        List<UnitId> units = List.copyOf(homes.keySet());
        Operator operator = new Operator(ground, replicas, homes);
        new Faults(
                        new Stage(ground, server, replicas, nodes, units, operator),
                        GENERATORS.create(~seed))
                .schedule();
        promises = Promises.all(tables, nodes, units);
        recovery = new Recovery(tables, replicas, nodes, units);
    }

    /** Lets all that the seed has in store happen; what breaks a promise is thrown. */
    void run() {
        replicas.forEach(Replica::start);
        nodes.forEach(Node::startSupervisor);
        while (agenda.now() < Faults.HEALED) {
            step();
        }
        while (!recovery.complete()) {
            if (agenda.now() > Faults.HEALED + RECOVERED_WITHIN) {
                throw recovery.missing();
            }
            step();
        }
    }

    /** The last of what happened. */
    Trace trace() {
        return trace;
    }

    private void populate(Ground ground, Server server, Statements statements) {
        int units = 3 + ground.random().nextInt(3);
        for (int i = 1; i <= units; i++) {
            homes.put(new UnitId("worker-" + i), NODES.get(ground.random().nextInt(NODES.size())));
        }
        int count = 2 + ground.random().nextInt(2);
        for (int i = 1; i <= count; i++) {
            String place = "registry-" + i;
            replicas.add(new Replica(ground, place, server, tables, statements, this::committed));
        }
        for (String place : NODES) {
            Map<UnitId, Boolean> here = new LinkedHashMap<>();
            homes.forEach((unit, home) -> here.put(unit, home.equals(place)));
            Node node = new Node(ground, place, replicas, here);
            node.healFrom(Faults.HEALED);
            nodes.add(node);
        }
    }

    private void step() {
        agenda.runUntil(agenda.now() + CHECK_INTERVAL);
        promises.forEach(promise -> promise.look(agenda.now()));
    }

    private void committed() {
        replicas.forEach(Replica::notified);
    }

    private void see(Happening happening) {
        switch (happening) {
            case Happening.Committed(var change, var guard, long epoch) ->
                    trace.say(() ->
                            "%d: %s %s, %s; version %s, %s in epoch %d"
                                    .formatted(
                                            change.revision(),
                                            change.unitId(),
                                            change.event(),
                                            change.reason(),
                                            change.unit() == null ? "-" : change.unit().version(),
                                            guard,
                                            epoch));
            case Happening.RegistrationAcknowledged _,
                    Happening.ExitAcknowledged _,
                    Happening.WishAcknowledged _,
                    Happening.PermitGranted _,
                    Happening.PermitReleased _,
                    Happening.KilledByPermit _,
                    Happening.PolicyAcknowledged _ ->
                    trace.say(happening::toString);
            case Happening.MarkStored _,
                    Happening.ReplicaMarked _,
                    Happening.DatabaseCrashed _,
                    Happening.Looked _,
                    Happening.Decided _,
                    Happening.BeatTaken _,
                    Happening.BeatRefused _,
                    Happening.KeptOut _,
                    Happening.PolicyStored _,
                    Happening.ProcessStarted _,
                    Happening.ProcessEnded _ -> {}
        }
        promises.forEach(promise -> promise.see(happening, agenda.now()));
    }
}
