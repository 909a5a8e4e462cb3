package dev.lepton.registry.simulation.node;

import static dev.lepton.registry.simulation.kernel.Spans.MILLI;
import static dev.lepton.registry.simulation.kernel.Spans.SECOND;

import dev.lepton.client.desired.DesiredWish;
import dev.lepton.client.policy.PolicyChange;
import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.policy.SimulatedPolicy;
import dev.lepton.registry.simulation.happening.Happening;
import dev.lepton.registry.simulation.kernel.Ground;
import dev.lepton.registry.simulation.kernel.Life;
import dev.lepton.registry.simulation.replica.Answer;
import dev.lepton.registry.simulation.replica.Replica;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Wishes units to run elsewhere or anew, and repeats each wish until a replica takes it; drains
 * units, and limits how many may be down.
 */
public final class Operator {

    private static final String PLACE = "operator";
    private static final long TIMEOUT = 3 * SECOND;

    private final Ground ground;
    private final Life life;
    private final Registries registries;
    private final Map<UnitId, String> nodes;
    private final Map<UnitId, Long> generations = new HashMap<>();

    /**
     * @param homes the node of each unit, before any wish
     */
    public Operator(Ground ground, List<Replica> replicas, Map<UnitId, String> homes) {
        this.ground = ground;
        this.life = new Life(ground.agenda());
        this.registries = new Registries(ground.network(), replicas, life, PLACE);
        this.nodes = new HashMap<>(homes);
    }

    public void restart(UnitId unit) {
        move(unit, nodes.get(unit));
    }

    public void move(UnitId unit, String node) {
        nodes.put(unit, node);
        long generation = generations.merge(unit, 1L, Long::sum);
        ground.trace()
                .say(() -> "operator: %s on %s, restart %d".formatted(unit, node, generation));
        ask(
                unit,
                new DesiredWish(
                        UnitProcess.SERVICE,
                        new NodeName(node),
                        null,
                        null,
                        generation,
                        null,
                        null));
    }

    /** Lets no new requests go to the unit for a while. */
    public void drain(UnitId unit, long span) {
        ground.trace().say(() -> "operator: drain %s".formatted(unit));
        registries.call(TIMEOUT, (replica, reply) -> replica.drain(unit, reply), _ -> {});
        life.in(span, () -> undrain(unit));
    }

    /**
     * Again and again, since a drain that was asked long ago may be stored late. Whoever has
     * stopped meanwhile is started anew.
     */
    private void undrain(UnitId unit) {
        registries.call(
                TIMEOUT,
                (replica, reply) -> replica.undrain(unit, reply),
                answer -> {
                    boolean stopped = answer.equals(new Answer.NotAllowed(Phase.STOPPED));
                    if (stopped) {
                        restart(unit);
                    }
                    life.in((stopped ? 8 : 2) * SECOND, () -> undrain(unit));
                });
    }

    /** Lets at most so many units be down by the platform's own doing. */
    public void limit(int maxUnavailable) {
        ground.trace().say(() -> "operator: %d may be down".formatted(maxUnavailable));
        PolicyChange change = SimulatedPolicy.limitedTo(maxUnavailable);
        registries.call(
                TIMEOUT,
                (replica, reply) -> replica.policy(UnitProcess.SERVICE, change, reply),
                answer -> {
                    if (answer instanceof Answer.PolicyHolds(var policy)) {
                        ground.witness().see(new Happening.PolicyAcknowledged(policy));
                    }
                });
    }

    private void ask(UnitId unit, DesiredWish wish) {
        registries.call(
                TIMEOUT,
                (replica, reply) -> replica.wish(unit, wish, reply),
                answer -> {
                    if (answer instanceof Answer.Wished(var row)) {
                        ground.witness().see(new Happening.WishAcknowledged(row));
                    } else if (answer instanceof Answer.Unavailable) {
                        life.in(200 * MILLI, () -> ask(unit, wish));
                    }
                });
    }
}
