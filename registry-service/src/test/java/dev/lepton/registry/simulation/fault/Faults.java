package dev.lepton.registry.simulation.fault;

import static dev.lepton.registry.simulation.kernel.Spans.MILLI;
import static dev.lepton.registry.simulation.kernel.Spans.SECOND;
import static java.util.stream.Collectors.partitioningBy;

import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.simulation.kernel.Life;
import dev.lepton.registry.simulation.node.Node;
import dev.lepton.registry.simulation.node.UnitProcess;
import dev.lepton.registry.simulation.postgres.Server;
import dev.lepton.registry.simulation.replica.Replica;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;

/** Draws from the seed what goes wrong, when, and for how long; at {@link #HEALED} all is well. */
public final class Faults {

    /** From then on nothing goes wrong any more. */
    public static final long HEALED = 60 * SECOND;

    private static final long FIRST = 6 * SECOND;
    private static final long LONGEST = 20 * SECOND;
    private static final int MOST = 10;

    private final Stage stage;
    private final RandomGenerator random;
    private final RandomGenerator apart;

    /**
     * @param apart for what is drawn apart from all else
     */
    public Faults(Stage stage, RandomGenerator apart) {
        this.stage = stage;
        this.random = stage.ground().random();
        this.apart = apart;
    }

    public void schedule() {
        int count = 1 + random.nextInt(MOST);
        for (int i = 0; i < count; i++) {
            FaultKind kind = one(List.of(FaultKind.values()));
            long at = FIRST + random.nextLong(HEALED - FIRST - SECOND);
            long span = Math.min(HEALED - at, span());
            stage.ground().agenda().in(at, () -> strike(kind, span));
        }
        if (apart.nextInt(3) == 0) {
            long at = FIRST + apart.nextLong(HEALED - FIRST - LONGEST);
            stage.ground().agenda().in(at, () -> part(UnitProcess.EXCLUSIVE));
        }
    }

    /**
     * No registry reaches the node of a unit, which may also stand still for a while, and the unit
     * is wanted elsewhere.
     */
    private void part(UnitId unit) {
        Map<Boolean, List<Node>> nodes =
                stage.nodes().stream().collect(partitioningBy(node -> node.wants(unit)));
        for (Node node : nodes.get(true)) {
            long span = 4 * SECOND + apart.nextLong(LONGEST - 4 * SECOND);
            stage.ground().trace().say(() -> "%s is parted from all".formatted(node.place()));
            for (Replica replica : stage.replicas()) {
                stage.ground().network().cut(node.place(), replica.place(), span);
                stage.ground().network().cut(replica.place(), node.place(), span);
            }
            if (apart.nextInt(3) == 0) {
                long frozen = apart.nextLong(span);
                stage.ground().agenda().in(apart.nextLong(SECOND), () -> node.pause(frozen));
            }
        }
        for (Node other : nodes.get(false)) {
            long later = apart.nextLong(2 * SECOND);
            stage.ground().agenda().in(later, () -> stage.operator().move(unit, other.place()));
        }
    }

    /** Short ones are as likely as long ones. */
    private long span() {
        long longest = random.nextBoolean() ? LONGEST : 2 * SECOND;
        return 10 * MILLI + random.nextLong(longest);
    }

    private void strike(FaultKind kind, long span) {
        switch (kind) {
            case UNIT_CRASH -> strikeUnit("crashes", Node::kill);
            case UNIT_PAUSE -> strikeUnit("is paused", (_, process) -> process.pause(span));
            case UNIT_HANG -> strikeUnit("hangs", (_, process) -> process.hang());
            case SUPERVISOR_CRASH -> one(stage.nodes()).crashSupervisor(span);
            case SUPERVISOR_PAUSE -> pauseSupervisor(one(stage.nodes()), span);
            case NODE_CRASH -> one(stage.nodes()).crash(span);
            case NODE_PAUSE -> one(stage.nodes()).pause(span);
            case REPLICA_CRASH -> one(stage.replicas()).crash(span);
            case REPLICA_PAUSE -> one(stage.replicas()).pause(span);
            case EVERY_REPLICA_CRASH -> stage.replicas().forEach(r -> r.crash(span));
            case EVERY_REPLICA_PAUSE -> stage.replicas().forEach(r -> r.pause(span));
            case REPLICA_CLOCK ->
                    one(stage.replicas())
                            .setWallClock(Duration.ofMinutes(random.nextInt(200) - 100));
            case POSTGRES_CRASH -> stage.server().crash(span);
            case POSTGRES_FREEZE -> stage.server().freeze(span);
            case CUT_NODE_FROM_REPLICA ->
                    cut(one(stage.nodes()).place(), one(stage.replicas()).place(), span);
            case CUT_NODE_FROM_ALL -> cutFromAll(one(stage.nodes()), span);
            case CUT_REPLICA_FROM_POSTGRES ->
                    cut(one(stage.replicas()).place(), Server.PLACE, span);
            case CUT_AND_STALL -> cutAndStall(span);
            case LOSSY_NETWORK ->
                    stage.ground().network().disturb(0.05 + random.nextDouble() / 3, span);
            case MOVE -> stage.operator().move(one(stage.units()), one(stage.nodes()).place());
            case RESTART -> stage.operator().restart(one(stage.units()));
            case MANY_UNITS_HANG -> hangMany();
            case DRAIN -> stage.operator().drain(one(stage.units()), span);
            case LIMIT -> stage.operator().limit(1 + random.nextInt(3));
        }
    }

    /** About two of three. */
    private void hangMany() {
        stage.ground().trace().say(() -> "many units hang");
        stage.nodes().stream()
                .flatMap(node -> node.processes().stream())
                .filter(_ -> random.nextInt(3) > 0)
                .forEach(UnitProcess::hang);
    }

    private void strikeUnit(String what, BiConsumer<Node, UnitProcess> blow) {
        Node node = one(stage.nodes());
        if (!node.processes().isEmpty()) {
            UnitProcess process = one(node.processes());
            UnitId unit = process.unit();
            stage.ground().trace().say(() -> "%s: %s %s".formatted(node.place(), unit, what));
            blow.accept(node, process);
        }
    }

    private void pauseSupervisor(Node node, long span) {
        Life life = node.supervisorLife();
        if (life != null) {
            stage.ground().trace().say(() -> node.place() + " has its supervisor paused");
            life.pause(span);
        }
    }

    private void cutFromAll(Node node, long span) {
        stage.replicas().forEach(replica -> cut(node.place(), replica.place(), span));
    }

    /** The units reach only a replica that stores nothing for about as long as a lease. */
    private void cutAndStall(long span) {
        Replica only = one(stage.replicas());
        for (Replica other : stage.replicas()) {
            if (other != only) {
                stage.nodes().forEach(node -> cut(node.place(), other.place(), span));
            }
        }
        long stall = Math.min(span, 3 * SECOND + random.nextLong(5 * SECOND));
        cut(only.place(), Server.PLACE, stall);
    }

    /** In one way or in both. */
    private void cut(String from, String to, long span) {
        int ways = random.nextInt(3);
        stage.ground()
                .trace()
                .say(() -> "cut %s and %s (%d) for %.1f s".formatted(from, to, ways, span / 1e9));
        if (ways != 1) {
            stage.ground().network().cut(from, to, span);
        }
        if (ways != 2) {
            stage.ground().network().cut(to, from, span);
        }
    }

    private <T> T one(List<T> many) {
        return many.get(random.nextInt(many.size()));
    }
}
