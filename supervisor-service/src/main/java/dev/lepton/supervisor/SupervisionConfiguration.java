package dev.lepton.supervisor;

import dev.lepton.client.rest.BearerToken;
import dev.lepton.client.unit.UnitView;
import dev.lepton.supervisor.aot.AotCaches;
import dev.lepton.supervisor.aot.AotDuty;
import dev.lepton.supervisor.aot.AotStarts;
import dev.lepton.supervisor.aot.OwnProcess;
import dev.lepton.supervisor.container.ContainerReports;
import dev.lepton.supervisor.container.Containers;
import dev.lepton.supervisor.container.KnownStarts;
import dev.lepton.supervisor.declaration.Declaration;
import dev.lepton.supervisor.declaration.EngineChoice;
import dev.lepton.supervisor.declaration.ServiceDeclaration;
import dev.lepton.supervisor.home.LeptonHome;
import dev.lepton.supervisor.journal.Journal;
import dev.lepton.supervisor.recovery.ServicePolicies;
import dev.lepton.supervisor.registry.NoRegistry;
import dev.lepton.supervisor.registry.Registry;
import dev.lepton.supervisor.registry.RegistryLink;
import dev.lepton.supervisor.registry.ThisNode;
import dev.lepton.supervisor.runtime.ProcessRuntime;
import dev.lepton.supervisor.supervision.Launches;
import dev.lepton.supervisor.supervision.NetworkProber;
import dev.lepton.supervisor.supervision.Ports;
import dev.lepton.supervisor.supervision.StartGate;
import dev.lepton.supervisor.supervision.Supervision;
import dev.lepton.supervisor.supervision.ThreadLoop;
import dev.lepton.supervisor.supervision.Timing;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Collectors;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Wires the supervision of the units. */
@Configuration(proxyBeanMethods = false)
class SupervisionConfiguration {

    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(1);
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    @Bean
    InstantSource clock() {
        return InstantSource.system();
    }

    @Bean
    LeptonHome home(Preflight preflight) {
        return preflight.home();
    }

    @Bean
    BearerToken token(Preflight preflight) {
        return preflight.token();
    }

    @Bean
    Declaration declaration(Preflight preflight) {
        return preflight.declaration();
    }

    @Bean(destroyMethod = "shutdownNow")
    ScheduledExecutorService housekeeping() {
        return Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("housekeeping").factory());
    }

    @Bean
    Registry registry(Preflight preflight, InstantSource clock) {
        Declaration declaration = preflight.declaration();
        return declaration.registryUrls().isEmpty()
                ? new NoRegistry()
                : new RegistryLink(
                        declaration.registryUrls(),
                        preflight.token(),
                        preflight.home().fleetList(),
                        declaration.node(),
                        new ThisNode(
                                declaration.capacity(),
                                declaration.registered(),
                                declaration.host()),
                        System::nanoTime,
                        clock,
                        new Random());
    }

    @Bean
    NetworkProber prober() {
        return new NetworkProber(PROBE_TIMEOUT);
    }

    @Bean
    Ports ports() {
        return new Ports(new Random());
    }

    @Bean
    AotCaches caches(LeptonHome home) {
        return new AotCaches(home.aot(), System.getProperty("java.vm.version"));
    }

    @Bean
    ProcessRuntime runtime(ScheduledExecutorService housekeeping) {
        return new ProcessRuntime(System.getenv(), housekeeping);
    }

    @Bean
    KnownStarts knownStarts() {
        return new KnownStarts();
    }

    @Bean
    NodeRuntime nodeRuntime(
            Declaration declaration,
            ProcessRuntime processes,
            AotCaches caches,
            Registry registry,
            KnownStarts starts,
            LeptonHome home,
            InstantSource clock) {
        EngineChoice engine = declaration.engine();
        return NodeRuntime.of(
                declaration,
                new AotStarts(processes, caches),
                engine == null
                        ? null
                        : new Containers(
                                engine,
                                new ThreadLoop("containers"),
                                Executors.newVirtualThreadPerTaskExecutor(),
                                unit -> registry.view(unit).map(UnitView::startId),
                                starts,
                                Preflight.hostName(System.getenv()),
                                home.stops(),
                                clock));
    }

    @Bean
    Launches launches(Preflight preflight) {
        Declaration declaration = preflight.declaration();
        return new Launches(
                declaration.node(),
                declaration.registryUrls(),
                preflight.home().folder(),
                preflight.tokenPath(),
                JAVA,
                declaration.address());
    }

    @Bean
    PolicyFile policyFile(LeptonHome home) {
        return new PolicyFile(home.policies());
    }

    @Bean
    ServicePolicies policies(Declaration declaration, PolicyFile file) {
        ServicePolicies policies =
                new ServicePolicies(
                        declaration.services().values().stream()
                                .collect(
                                        Collectors.toMap(
                                                ServiceDeclaration::name,
                                                ServiceDeclaration::policy)));
        policies.changedTo(file.read());
        return policies;
    }

    @Bean
    Supervision supervision(
            Preflight preflight,
            ServicePolicies policies,
            Registry registry,
            NetworkProber prober,
            Ports ports,
            Launches launches,
            NodeRuntime runtime,
            KnownStarts starts,
            InstantSource clock) {
        LeptonHome home = preflight.home();
        return new Supervision(
                preflight.declaration(),
                new Supervision.Tools(
                        runtime.units(),
                        new Journal(home.journal()),
                        home,
                        launches,
                        prober,
                        prober,
                        ports,
                        new StartGate(preflight.settings().startConcurrency()),
                        new ContainerReports(registry, starts),
                        ThreadLoop::new,
                        clock,
                        System::nanoTime,
                        new Random(),
                        Timing.ORDINARY,
                        policies));
    }

    @Bean
    AotDuty aotDuty(
            Preflight preflight,
            Supervision supervision,
            Launches launches,
            AotCaches caches,
            ProcessRuntime runtime,
            NetworkProber prober,
            Ports ports) {
        String own = preflight.settings().aotCache();
        return new AotDuty(
                preflight.declaration().services().values(),
                launches,
                caches,
                runtime,
                prober,
                ports,
                System::nanoTime,
                supervision::ready,
                OwnProcess.of(
                                own == null ? null : Path.of(own),
                                JAVA,
                                ManagementFactory.getRuntimeMXBean(),
                                System.getProperty("java.class.path"))
                        .orElse(null));
    }

    @Bean
    SupervisionLifecycle lifecycle(
            Supervision supervision,
            NodeRuntime runtime,
            KnownStarts starts,
            Registry registry,
            ServicePolicies policies,
            PolicyFile policyFile,
            AotDuty aot,
            Preflight preflight,
            ScheduledExecutorService housekeeping,
            InstantSource clock,
            Environment environment) {
        return new SupervisionLifecycle(
                supervision,
                runtime,
                registry,
                new RegistryFollower(supervision, starts, policies, policyFile),
                aot,
                preflight,
                housekeeping,
                clock,
                environment);
    }
}
