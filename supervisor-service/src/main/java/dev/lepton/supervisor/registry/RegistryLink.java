package dev.lepton.supervisor.registry;

import dev.lepton.client.registration.DrainRequest;
import dev.lepton.client.registration.ExitReport;
import dev.lepton.client.rest.BearerToken;
import dev.lepton.client.rest.RegistryClient;
import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitView;
import dev.lepton.client.watch.UnitWatch;
import dev.lepton.client.watch.WatchStatus;
import dev.lepton.supervisor.declaration.Beating;
import dev.lepton.supervisor.runtime.Exit;
import dev.lepton.supervisor.supervision.Prober;
import dev.lepton.supervisor.supervision.UnitPlan;
import dev.lepton.supervisor.supervision.UnitStatus;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the registry what happens to the units, and follows what it says of them. Nothing here ever
 * holds a unit up: all calls run on threads of their own.
 */
public final class RegistryLink implements Registry {

    private static final Logger log = LoggerFactory.getLogger(RegistryLink.class);
    private static final Duration REPORT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration DRAIN_TIMEOUT = Duration.ofMillis(450);
    private static final int LONGEST_REASON = 500;

    private final RegistryClient client;
    private final RegistryClient drains;
    private final UnitWatch watch;
    private final ExitReports reports;
    private final NodeBeats beats;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

    /**
     * @param diskList where the last list of the fleet is kept
     */
    public RegistryLink(
            List<URI> urls,
            BearerToken token,
            Path diskList,
            NodeName node,
            LongSupplier nanos,
            InstantSource clock,
            RandomGenerator random) {
        client = new RegistryClient(urls, token, REPORT_TIMEOUT);
        drains = new RegistryClient(urls, token, DRAIN_TIMEOUT);
        watch = new UnitWatch(urls, token, diskList, (_, _) -> {});
        reports = new ExitReports(client::exited, random);
        beats = new NodeBeats(client::register, client::beat, node, nanos, clock);
    }

    @Override
    public void start() {
        watch.start();
        reports.start();
        beats.start();
    }

    @Override
    public Optional<UnitView> view(UnitId unit) {
        return Optional.ofNullable(watch.fleet().units().get(unit));
    }

    @Override
    public WatchStatus watch() {
        return watch.status();
    }

    @Override
    public int waitingReports() {
        return reports.waiting();
    }

    @Override
    public void probed(UnitPlan unit, UnitStatus status, Prober.Outcome outcome) {
        if (unit.service().beating() == Beating.NODE) {
            beats.probed(unit, status, outcome.good());
        }
    }

    @Override
    public void exited(UnitPlan unit, StartId startId, Exit exit, boolean expected, String reason) {
        if (unit.service().beating() == Beating.NONE) {
            return;
        }
        beats.forget(unit.id());
        reports.add(
                unit.id(),
                new ExitReport(startId, exit.code(), exit.signal(), expected, words(reason)));
    }

    @Override
    public CompletableFuture<Boolean> drain(UnitPlan unit, StartId startId, String reason) {
        beats.forget(unit.id());
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        drains.drain(unit.id(), new DrainRequest(startId, words(reason)));
                        return true;
                    } catch (RuntimeException e) {
                        // The unit is stopped all the same; its own starter, or the gateways'
                        // evidence, takes it out of routing.
                        log.info("the registry did not drain {}: {}", unit.id(), e.getMessage());
                        return false;
                    }
                },
                executor);
    }

    private static String words(String reason) {
        String clean = reason.replaceAll("\\p{Cntrl}", " ");
        return clean.length() <= LONGEST_REASON ? clean : clean.substring(0, LONGEST_REASON);
    }

    @Override
    public void close() {
        reports.close();
        beats.close();
        watch.close();
        executor.shutdownNow();
        client.close();
        drains.close();
    }
}
