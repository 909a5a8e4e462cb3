package dev.lepton.supervisor;

import dev.lepton.client.rest.BearerToken;
import dev.lepton.supervisor.declaration.Declaration;
import dev.lepton.supervisor.home.LeptonHome;
import dev.lepton.supervisor.journal.Journal;
import dev.lepton.supervisor.registry.NoRegistry;
import dev.lepton.supervisor.registry.Registry;
import dev.lepton.supervisor.registry.RegistryLink;
import dev.lepton.supervisor.runtime.ProcessRuntime;
import dev.lepton.supervisor.supervision.Launches;
import dev.lepton.supervisor.supervision.NetworkProber;
import dev.lepton.supervisor.supervision.Ports;
import dev.lepton.supervisor.supervision.StartGate;
import dev.lepton.supervisor.supervision.Supervision;
import dev.lepton.supervisor.supervision.ThreadLoop;
import dev.lepton.supervisor.supervision.Timing;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.random.RandomGenerator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Wires the supervision of the units. */
@Configuration(proxyBeanMethods = false)
class SupervisionConfiguration {

    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(1);

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
                        System::nanoTime,
                        clock,
                        new Random());
    }

    @Bean
    NetworkProber prober() {
        return new NetworkProber(PROBE_TIMEOUT);
    }

    @Bean
    Supervision supervision(
            Preflight preflight,
            Registry registry,
            NetworkProber prober,
            ScheduledExecutorService housekeeping,
            InstantSource clock) {
        Declaration declaration = preflight.declaration();
        LeptonHome home = preflight.home();
        RandomGenerator random = new Random();
        return new Supervision(
                declaration,
                new Supervision.Tools(
                        new ProcessRuntime(System.getenv(), housekeeping),
                        new Journal(home.journal()),
                        home,
                        new Launches(
                                declaration.node(),
                                declaration.registryUrls(),
                                home.folder(),
                                preflight.tokenPath(),
                                Path.of(System.getProperty("java.home"), "bin", "java")),
                        prober,
                        new Ports(random),
                        new StartGate(preflight.settings().startConcurrency()),
                        registry,
                        ThreadLoop::new,
                        clock,
                        System::nanoTime,
                        random,
                        Timing.ORDINARY));
    }

    @Bean
    SupervisionLifecycle lifecycle(
            Supervision supervision,
            Registry registry,
            Preflight preflight,
            ScheduledExecutorService housekeeping,
            InstantSource clock,
            Environment environment) {
        return new SupervisionLifecycle(
                supervision, registry, preflight, housekeeping, clock, environment);
    }
}
