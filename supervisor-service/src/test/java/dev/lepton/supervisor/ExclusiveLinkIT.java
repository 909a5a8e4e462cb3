package dev.lepton.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.desired.Desired;
import dev.lepton.client.heartbeat.FenceTerms;
import dev.lepton.client.policy.StoredPolicy;
import dev.lepton.client.rest.BearerToken;
import dev.lepton.client.unit.Beater;
import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitAddress;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.client.unit.UnitView;
import dev.lepton.supervisor.declaration.Beating;
import dev.lepton.supervisor.declaration.LivenessProbe;
import dev.lepton.supervisor.declaration.PortChoice;
import dev.lepton.supervisor.declaration.Probe;
import dev.lepton.supervisor.declaration.ServiceDeclaration;
import dev.lepton.supervisor.recovery.UnitPolicy;
import dev.lepton.supervisor.registry.RegistryLink;
import dev.lepton.supervisor.registry.RegistryListener;
import dev.lepton.supervisor.registry.ThisNode;
import dev.lepton.supervisor.supervision.Prober;
import dev.lepton.supervisor.supervision.UnitPlan;
import dev.lepton.supervisor.supervision.UnitStatus;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The link to a registry and exclusive units, on a monotonic clock that the test moves. */
class ExclusiveLinkIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String NOBODY = "no registry answers that could confirm it";
    private static final UnitId UNIT = new UnitId("web-1");
    private static final StartId START = StartId.random();
    private static final UnitPlan PLAN =
            new UnitPlan(
                    UNIT,
                    new ServiceDeclaration(
                            new ServiceName("web"),
                            List.of("run"),
                            1,
                            PortChoice.FREE,
                            null,
                            Beating.NODE,
                            Probe.CONNECT,
                            Set.of(),
                            Map.of(),
                            Path.of("."),
                            Duration.ofSeconds(20),
                            LivenessProbe.of(Probe.CONNECT),
                            UnitPolicy.ORDINARY,
                            null));

    @TempDir Path folder;

    private final AtomicLong nanos = new AtomicLong();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private FakeRegistry registry;
    private RegistryLink link;

    @BeforeEach
    void follow() throws Exception {
        int port = SupervisorProcess.freePort();
        registry = new FakeRegistry(port);
        registry.fence = new FenceTerms(Duration.ofSeconds(4), Duration.ofSeconds(6));
        link =
                new RegistryLink(
                        List.of(URI.create("http://127.0.0.1:" + port)),
                        BearerToken.of("a-token-of-the-test-alone-0123456789"),
                        folder.resolve("fleet.json"),
                        new NodeName("here"),
                        new ThisNode(1, List.of(new ServiceName("web")), "127.0.0.1"),
                        nanos::get,
                        InstantSource.system(),
                        new Random(42));
        link.start(List::of, new Listener());
    }

    @AfterEach
    void close() {
        link.close();
        registry.close();
    }

    @Test
    void aProgramThatIsBeingStoppedIsStillHeldToItsTime() {
        link.probed(PLAN, up(), new Prober.Outcome(true, true, "it runs"));
        await().atMost(PATIENCE).until(() -> !registry.batches().isEmpty());

        assertThat(link.drain(PLAN, START, "by hand").join()).isTrue();
        nanos.addAndGet(Duration.ofSeconds(4).toNanos());

        await().atMost(PATIENCE).until(() -> told.contains("unconfirmed web-1 PT2S"));
    }

    @Test
    void aProcessIsConfirmedOnlyWhileBeatsOfTheNodeAreStored() {
        registry.stored = false;
        await().atMost(PATIENCE).until(() -> link.watch().connectedTo() != null);
        int beats = registry.calls("PUT /v1/nodes/").size();
        await().atMost(PATIENCE).until(() -> registry.calls("PUT /v1/nodes/").size() > beats + 1);
        nanos.addAndGet(Duration.ofSeconds(3).toNanos());
        assertThat(link.unconfirmable(PLAN)).isEqualTo(NOBODY);

        registry.stored = true;

        await().atMost(PATIENCE).until(() -> link.unconfirmable(PLAN) == null);
    }

    @Test
    void aProcessIsConfirmedOnlyWhileTheRegistryIsFollowed() {
        await().atMost(PATIENCE).until(() -> link.unconfirmable(PLAN) == null);

        registry.close();

        await().atMost(PATIENCE).until(() -> NOBODY.equals(link.unconfirmable(PLAN)));
    }

    @Test
    void aUnitThatTheRegistryShowsAliveOnAnotherNodeIsNotConfirmedHere() {
        registry.show(
                new UnitView(
                        UNIT,
                        new ServiceName("web"),
                        START,
                        1,
                        UnitState.UP,
                        UnitAddress.http("10.0.0.1", 8080),
                        new NodeName("there"),
                        Beater.NODE,
                        null,
                        100,
                        null,
                        null,
                        Map.of(),
                        Instant.EPOCH,
                        "test"));

        await().atMost(PATIENCE)
                .until(() ->
                        "the registry shows it UP on node there".equals(link.unconfirmable(PLAN)));
    }

    private static UnitStatus up() {
        return new UnitStatus(
                UNIT,
                new ServiceName("web"),
                UnitState.UP,
                20001,
                null,
                "127.0.0.1",
                4711L,
                START,
                null,
                true,
                false,
                false,
                0,
                0,
                0,
                Instant.EPOCH,
                "test");
    }

    private final class Listener implements RegistryListener {

        @Override
        public void displaced(UnitId unit, StartId start) {}

        @Override
        public void hangs(UnitId unit, StartId start, String reason) {}

        @Override
        public void unconfirmed(UnitId unit, StartId start, Duration left) {
            told.add("unconfirmed %s %s".formatted(unit, left));
        }

        @Override
        public void doubted(UnitId unit) {}

        @Override
        public void desired(Collection<Desired> rows, String clusterId) {}

        @Override
        public void policies(List<StoredPolicy> policies) {}
    }
}
