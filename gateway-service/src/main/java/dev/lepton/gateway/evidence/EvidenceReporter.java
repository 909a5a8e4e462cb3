package dev.lepton.gateway.evidence;

import dev.lepton.client.evidence.Evidence;
import dev.lepton.client.evidence.EvidenceKind;
import dev.lepton.client.rest.RegistryRefusal;
import dev.lepton.client.unit.UnitState;
import dev.lepton.gateway.routing.RoutingTable;
import dev.lepton.gateway.routing.RoutingTables;
import dev.lepton.gateway.routing.TrackedUnit;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Looks every half second at the units that are left alone and tells the registry of them, on a
 * virtual thread of its own. The gateway does without a registry, so nothing depends on its answer.
 */
final class EvidenceReporter implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(EvidenceReporter.class);
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration LATE = Duration.ofMillis(500);
    private static final int SERVER_ERROR = 500;

    private final RoutingTables tables;
    private final RegistryAccess registry;
    private final Supplier<String> observer;
    private final LongSupplier nanoTime;
    private final Unreachables unreachables = new Unreachables();
    private long dueNanos;
    private volatile @Nullable ScheduledExecutorService looks;

    /**
     * @param observer the name of this gateway, asked when it is told
     */
    EvidenceReporter(
            RoutingTables tables,
            RegistryAccess registry,
            Supplier<String> observer,
            LongSupplier nanoTime) {
        this.tables = tables;
        this.registry = registry;
        this.observer = observer;
        this.nanoTime = nanoTime;
    }

    @Override
    public void start() {
        ScheduledExecutorService started =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofVirtual().name("lepton-evidence").factory());
        dueNanos = nanoTime.getAsLong() + LOOK.toNanos();
        started.scheduleWithFixedDelay(
                this::look, LOOK.toNanos(), LOOK.toNanos(), TimeUnit.NANOSECONDS);
        looks = started;
    }

    /** Also the end of what it still tells. */
    @Override
    public void stop() {
        ScheduledExecutorService ended = looks;
        if (ended != null) {
            looks = null;
            ended.shutdownNow();
        }
    }

    @Override
    public boolean isRunning() {
        return looks != null;
    }

    private void look() {
        try {
            long now = nanoTime.getAsLong();
            boolean late = now - dueNanos > LATE.toNanos();
            unreachables.look(seen(tables.current()), late, now).forEach(this::tell);
        } catch (RuntimeException e) {
            // The next look may succeed; one that throws would be the last.
            log.warn("the registry was not told of units that are not reached", e);
        } finally {
            dueNanos = nanoTime.getAsLong() + LOOK.toNanos();
        }
    }

    /** The units that are to be reached; a draining one may refuse. */
    private static List<Unreachables.Seen> seen(RoutingTable table) {
        return table.services().values().stream()
                .flatMap(service -> service.views().stream())
                .filter(view -> view.state() == UnitState.UP || view.state() == UnitState.SUSPECT)
                .map(view -> table.tracked().get(view.unitId()))
                .filter(Objects::nonNull)
                .map(EvidenceReporter::seen)
                .toList();
    }

    private static Unreachables.Seen seen(TrackedUnit unit) {
        return new Unreachables.Seen(
                unit.id(), unit.start(), !unit.breaker().closed(), unit.breaker().lastFault());
    }

    private void tell(Unreachables.Report report) {
        Evidence evidence =
                new Evidence(
                        report.start(),
                        EvidenceKind.UNREACHABLE,
                        observer.get(),
                        report.fault().kind().words(),
                        report.failing(),
                        report.known());
        try {
            registry.call(client -> client.evidence(report.unit(), evidence));
            log.debug("told the registry of {}: {}", report.unit(), evidence.detail());
        } catch (RegistryRefusal e) {
            log.debug("the registry did not take evidence of {}: {}", report.unit(), e.toString());
            if (mayBeTakenLater(e)) {
                unreachables.notTold(report, nanoTime.getAsLong());
            }
        } catch (RuntimeException e) {
            log.warn("the registry was not told of {}", report.unit(), e);
            unreachables.notTold(report, nanoTime.getAsLong());
        }
    }

    /** A registry that knows better needs no evidence. */
    private static boolean mayBeTakenLater(RegistryRefusal refusal) {
        return switch (refusal) {
            case RegistryRefusal.Unavailable _, RegistryRefusal.Unauthorized _ -> true;
            case RegistryRefusal.Rejected rejected -> rejected.status() >= SERVER_ERROR;
            case RegistryRefusal.NotRegistered _,
                    RegistryRefusal.Superseded _,
                    RegistryRefusal.InUse _ ->
                    false;
        };
    }
}
