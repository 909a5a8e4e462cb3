package dev.lepton.supervisor.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.incident.IncidentReport;
import dev.lepton.client.recovery.KillCause;
import dev.lepton.client.recovery.Permit;
import dev.lepton.client.recovery.RecoveryStep;
import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.supervisor.declaration.Beating;
import dev.lepton.supervisor.declaration.Declaration;
import dev.lepton.supervisor.declaration.LivenessProbe;
import dev.lepton.supervisor.declaration.PortChoice;
import dev.lepton.supervisor.declaration.Probe;
import dev.lepton.supervisor.declaration.ServiceDeclaration;
import dev.lepton.supervisor.home.LeptonHome;
import dev.lepton.supervisor.journal.Journal;
import dev.lepton.supervisor.recovery.ServicePolicies;
import dev.lepton.supervisor.recovery.UnitPolicy;
import dev.lepton.supervisor.runtime.Exit;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * Supervision on a clock that the test moves, with a runtime, probes and a registry that do as they
 * are told.
 */
abstract class SupervisionScene {

    static final Exit CRASH = new Exit(1, null);

    @TempDir Path folder;

    final VirtualLoops time = new VirtualLoops();

    final FakeRuntime runtime = new FakeRuntime();

    final Set<Integer> answering = new HashSet<>();

    final List<String> events = new ArrayList<>();

    final List<String> probes = new ArrayList<>();

    final Map<ServiceName, ServiceDeclaration> services = new LinkedHashMap<>();

    CompletableFuture<Boolean> drainAnswer = CompletableFuture.completedFuture(true);

    /** What the next probe is answered with. */
    @Nullable CompletableFuture<Prober.Outcome> slowAnswer;

    /** How the units that are declared next are asked for signs of life. */
    LivenessProbe liveness = LivenessProbe.of(Probe.http("/health", false));

    /** How often the units were asked anything. */
    int questions;

    final Set<Integer> hanging = new HashSet<>();

    /** The starts that the registry shows as draining. */
    final Set<StartId> draining = new HashSet<>();

    final List<String> steps = new ArrayList<>();

    final List<String> asked = new ArrayList<>();

    final Map<StartId, IncidentReport> incidents = new LinkedHashMap<>();

    LifeSigns.SelfReport selfReport = LifeSigns.SelfReport.NONE;

    /** What the registry answers; null when none does. */
    @Nullable Permit permit = new Permit(true, "", null);

    /** Whether a registry answers. */
    boolean registryAnswers = true;

    /** What the asker has to wait for; null while it need not. */
    @Nullable CompletableFuture<@Nullable Permit> permitAnswer;

    final List<StartId> givenBack = new ArrayList<>();

    ServicePolicies policies;

    LeptonHome home;

    Journal journal;

    Supervision supervision;

    @BeforeEach
    void makeTheHome() throws IOException {
        home = new LeptonHome(folder).create();
        journal = new Journal(home.journal());
    }

    void declare(String name, Beating beating, int units, String... dependsOn) {
        declare(name, beating, units, PortChoice.FREE, false, UnitPolicy.ORDINARY, dependsOn);
    }

    void declare(String name, Beating beating, int units, UnitPolicy policy) {
        declare(name, beating, units, PortChoice.FREE, false, policy);
    }

    void declare(String name, Beating beating, int units, boolean managementPort) {
        declare(name, beating, units, PortChoice.FREE, managementPort, UnitPolicy.ORDINARY);
    }

    void declare(String name, Beating beating, int units, PortChoice port) {
        declare(name, beating, units, port, false, UnitPolicy.ORDINARY);
    }

    void declare(
            String name,
            Beating beating,
            int units,
            PortChoice port,
            boolean managementPort,
            UnitPolicy policy,
            String... dependsOn) {
        Set<ServiceName> dependencies = new HashSet<>();
        List.of(dependsOn).forEach(dependency -> dependencies.add(new ServiceName(dependency)));
        services.put(
                new ServiceName(name),
                new ServiceDeclaration(
                        new ServiceName(name),
                        List.of("run"),
                        units,
                        port,
                        managementPort ? PortChoice.FREE : null,
                        beating,
                        Probe.http("/health", false),
                        dependencies,
                        Map.of(),
                        folder,
                        Duration.ofSeconds(20),
                        liveness,
                        policy,
                        null));
    }

    /** Makes a supervisor on the home as the one before has left it, and starts it. */
    void begin() {
        time.forgetLoops();
        Random random = new Random(42);
        NodeName node = new NodeName("here");
        policies =
                new ServicePolicies(
                        services.values().stream()
                                .collect(
                                        Collectors.toMap(
                                                ServiceDeclaration::name,
                                                ServiceDeclaration::policy)));
        supervision =
                new Supervision(
                        new Declaration(node, List.of(), 10, null, null, services),
                        new Supervision.Tools(
                                runtime,
                                journal,
                                home,
                                new Launches(
                                        node,
                                        List.of(),
                                        folder,
                                        home.token(),
                                        Path.of("java"),
                                        null),
                                new FakeProber(),
                                new FakeProber(),
                                new Ports(random),
                                new StartGate(2),
                                new Recording(),
                                _ -> time.loop(),
                                time,
                                time::nanos,
                                random,
                                Timing.ORDINARY,
                                policies));
        supervision.start();
        time.run();
    }

    /** Answers at once. */
    final class FakeProber implements Prober, LifeSigns {

        @Override
        public CompletableFuture<Outcome> ask(Probe probe, String host, int port) {
            questions++;
            CompletableFuture<Outcome> slow = slowAnswer;
            slowAnswer = null;
            return slow != null
                    ? slow
                    : CompletableFuture.completedFuture(
                            new Outcome(answering.contains(port), true, "asked"));
        }

        @Override
        public CompletableFuture<Outcome> answers(
                Probe probe, String host, int port, Duration patience) {
            questions++;
            return CompletableFuture.completedFuture(
                    new Outcome(
                            answering.contains(port),
                            !hanging.contains(port),
                            "no answer in time"));
        }

        @Override
        public CompletableFuture<SelfReport> selfReport(String host, int port, Duration patience) {
            return CompletableFuture.completedFuture(selfReport);
        }
    }

    final class Recording implements UnitEvents {

        @Override
        public void probed(UnitPlan unit, UnitStatus status, Prober.Outcome outcome) {
            probes.add(unit.id() + (outcome.good() ? " good" : " bad"));
        }

        @Override
        public void exited(
                UnitPlan unit, StartId startId, Exit exit, boolean expected, String reason) {
            String what = reason.contains("not ready") ? reason : exit.toString();
            events.add(
                    "exit %s %s %s %s"
                            .formatted(
                                    unit.id(),
                                    startId,
                                    what,
                                    expected ? "expected" : "unexpected"));
        }

        @Override
        public void hung(UnitPlan unit, StartId startId, String reason) {
            events.add("hung " + unit.id());
        }

        @Override
        public boolean drains(UnitPlan unit, StartId startId) {
            return draining.contains(startId);
        }

        @Override
        public void unanswered(UnitPlan unit, StartId startId, String what) {
            probes.add(unit.id() + " unanswered");
        }

        @Override
        public void recovery(
                UnitPlan unit, @Nullable StartId ended, RecoveryStep step, String reason) {
            steps.add("%s %s".formatted(unit.id(), step));
        }

        @Override
        public void incident(UnitPlan unit, StartId failed, IncidentReport report) {
            incidents.put(failed, report);
        }

        @Override
        public CompletableFuture<@Nullable Permit> permit(
                UnitPlan unit, StartId startId, KillCause cause, @Nullable Integer maxUnavailable) {
            asked.add("%s %s".formatted(unit.id(), cause));
            return permitAnswer == null ? CompletableFuture.completedFuture(permit) : permitAnswer;
        }

        @Override
        public @Nullable String unconfirmable(UnitPlan unit) {
            return registryAnswers ? null : "no registry answers that could confirm it";
        }

        @Override
        public void permitUnused(UnitPlan unit, StartId startId) {
            givenBack.add(startId);
        }

        @Override
        public CompletableFuture<Boolean> drain(UnitPlan unit, StartId startId, String reason) {
            events.add("drain " + unit.id());
            return drainAnswer;
        }
    }

    void answers(String unit) {
        answering.add(status(unit).port());
    }

    void crash(String unit, Exit how) {
        answering.remove(status(unit).port());
        runtime.of(unit).ends(how);
    }

    void ready(String unit) {
        answers(unit);
        time.advance(Duration.ofMillis(200));
        assertThat(state(unit)).isEqualTo(UnitState.UP);
    }

    UnitStatus status(String unit) {
        return supervision.status(new UnitId(unit)).orElseThrow();
    }

    UnitState state(String unit) {
        return status(unit).state();
    }

    String reason(String unit) {
        return status(unit).reason();
    }
}
