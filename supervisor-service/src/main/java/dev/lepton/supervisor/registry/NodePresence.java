package dev.lepton.supervisor.registry;

import dev.lepton.client.node.NodeBeat;
import dev.lepton.client.node.NodeBeat.Observed;
import dev.lepton.client.node.NodeBeatAnswer;
import dev.lepton.client.policy.StoredPolicy;
import dev.lepton.client.rest.RegistryRefusal;
import dev.lepton.client.unit.StartId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the registry each second that this node lives and how far its units have followed, and
 * takes from the answers what is to be probed and whether a policy has changed.
 */
final class NodePresence implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(NodePresence.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration TIMEOUT = Duration.ofMillis(300);

    private final BiFunction<NodeBeat, Duration, NodeBeatAnswer> beat;
    private final Supplier<List<StoredPolicy>> policies;
    private final ThisNode node;
    private final Supplier<List<Observed>> observed;
    private final RegistryListener listener;
    private final StartId supervisor = StartId.random();
    private final ScheduledExecutorService executor =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("node-presence").factory());
    private long seq;
    private @Nullable Long policyVersion;

    /**
     * @param beat sends a beat or throws a {@link RegistryRefusal}
     * @param policies reads those of all services or throws a {@link RegistryRefusal}
     * @param observed how far each unit of the node has followed its desired row
     */
    NodePresence(
            BiFunction<NodeBeat, Duration, NodeBeatAnswer> beat,
            Supplier<List<StoredPolicy>> policies,
            ThisNode node,
            Supplier<List<Observed>> observed,
            RegistryListener listener) {
        this.beat = beat;
        this.policies = policies;
        this.node = node;
        this.observed = observed;
        this.listener = listener;
    }

    void start() {
        executor.scheduleAtFixedRate(this::pass, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** One turn. */
    void pass() {
        try {
            NodeBeatAnswer answer =
                    beat.apply(
                            new NodeBeat(
                                    supervisor,
                                    ++seq,
                                    node.capacity(),
                                    node.services(),
                                    observed.get()),
                            TIMEOUT);
            answer.probe().forEach(listener::doubted);
            if (policyVersion == null || policyVersion != answer.policyVersion()) {
                listener.policies(policies.get());
                policyVersion = answer.policyVersion();
            }
        } catch (RuntimeException e) {
            // The next turn comes in a second; a registry that is away is no fault of ours.
            log.debug("no beat of the node in this turn: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
