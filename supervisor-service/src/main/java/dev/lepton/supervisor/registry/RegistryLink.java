package dev.lepton.supervisor.registry;

import dev.lepton.client.evidence.Evidence;
import dev.lepton.client.evidence.EvidenceKind;
import dev.lepton.client.incident.IncidentReport;
import dev.lepton.client.node.NodeBeat;
import dev.lepton.client.node.NodeBeat.Observed;
import dev.lepton.client.node.NodeBeatAnswer;
import dev.lepton.client.recovery.KillCause;
import dev.lepton.client.recovery.Permit;
import dev.lepton.client.recovery.PermitRequest;
import dev.lepton.client.recovery.RecoveryReport;
import dev.lepton.client.recovery.RecoveryStep;
import dev.lepton.client.registration.DrainRequest;
import dev.lepton.client.registration.ExitReport;
import dev.lepton.client.rest.BearerToken;
import dev.lepton.client.rest.RegistryClient;
import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.Texts;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.client.unit.UnitView;
import dev.lepton.client.watch.Change;
import dev.lepton.client.watch.Fleet;
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
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
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
    private static final Duration PERMIT_TIMEOUT = Duration.ofMillis(500);
    private static final int LONGEST_REASON = 500;

    /** How the change log calls the move of a unit that hangs. */
    private static final String HUNG = "hung";

    private final RegistryClient client;
    private final RegistryClient drains;
    private final RegistryClient permits;
    private volatile @Nullable UnitWatch watch;
    private volatile @Nullable NodePresence presence;
    private final UnitReports reports;
    private final IncidentReports incidents;
    private final List<URI> urls;
    private final BearerToken token;
    private final Path diskList;
    private final NodeName node;
    private final ThisNode self;
    private final NodeBeats beats;
    private final Contact contact;

    /** The number of the last question for a permit; begins above those of earlier supervisors. */
    private final AtomicLong questions;

    private final LongSupplier nanos;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

    /**
     * @param self what this node is
     * @param diskList where the last list of the fleet is kept
     */
    public RegistryLink(
            List<URI> urls,
            BearerToken token,
            Path diskList,
            NodeName node,
            ThisNode self,
            LongSupplier nanos,
            InstantSource clock,
            RandomGenerator random) {
        client = new RegistryClient(urls, token, REPORT_TIMEOUT);
        drains = new RegistryClient(urls, token, DRAIN_TIMEOUT);
        permits = new RegistryClient(urls, token, PERMIT_TIMEOUT);
        reports = new UnitReports(random);
        incidents = new IncidentReports(client::incident);
        this.urls = List.copyOf(urls);
        this.token = token;
        this.diskList = diskList;
        this.node = node;
        this.self = self;
        this.nanos = nanos;
        contact = new Contact(nanos);
        questions = new AtomicLong(Math.max(0, clock.millis()));
        beats = new NodeBeats(client::register, client::beat, node, self.host(), nanos, clock);
    }

    @Override
    public void start(Supplier<List<Observed>> units, RegistryListener listener) {
        UnitWatch following =
                new UnitWatch(
                        urls,
                        token,
                        diskList,
                        (fleet, changes) -> fleetChanged(fleet, changes, listener));
        watch = following;
        following.start();
        reports.start();
        beats.start(
                (unit, start, left) -> {
                    contact.lost();
                    listener.unconfirmed(unit, start, left);
                },
                listener::displaced);
        NodePresence present =
                new NodePresence(this::beat, client::policies, self, units, listener);
        presence = present;
        present.start();
    }

    private NodeBeatAnswer beat(NodeBeat beat, Duration timeout) {
        long sent = nanos.getAsLong();
        NodeBeatAnswer answer = client.beat(node, beat, timeout);
        contact.answered(answer, sent);
        return answer;
    }

    private void fleetChanged(Fleet fleet, List<Change> changes, RegistryListener listener) {
        for (Change change : changes) {
            UnitView unit = change.unit();
            if (unit == null || !node.equals(unit.node())) {
                continue;
            }
            if (change.event().equals(HUNG) && stillDown(fleet, unit)) {
                listener.hangs(unit.unitId(), unit.startId(), unit.reason());
            } else if (unit.state() == UnitState.SUSPECT || unit.state() == UnitState.DOWN) {
                listener.doubted(unit.unitId());
            }
        }
        boolean news = changes.isEmpty() || changes.stream().anyMatch(c -> c.desired() != null);
        if (news && fleet.position() != null) {
            listener.desired(fleet.desired().values(), fleet.position().clusterId());
        }
    }

    /** A change that was replayed may long be over. */
    private static boolean stillDown(Fleet fleet, UnitView then) {
        UnitView now = fleet.units().get(then.unitId());
        return now != null && now.startId().equals(then.startId()) && now.state() == UnitState.DOWN;
    }

    @Override
    public Optional<UnitView> view(UnitId unit) {
        UnitWatch following = watch;
        return following == null
                ? Optional.empty()
                : Optional.ofNullable(following.fleet().units().get(unit));
    }

    @Override
    public ServiceOutlook outlook(ServiceName service) {
        return new ServiceOutlook(client.service(service), client.openIncidents(service));
    }

    @Override
    public @Nullable WatchStatus watch() {
        UnitWatch following = watch;
        return following == null ? null : following.status();
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
        ExitReport report =
                new ExitReport(startId, exit.code(), exit.signal(), expected, words(reason));
        reports.add(
                "the end of %s, start %s".formatted(unit.id(), startId),
                () -> client.exited(unit.id(), report));
    }

    @Override
    public void hung(UnitPlan unit, StartId startId, String reason) {
        evidence(unit, startId, EvidenceKind.HUNG, reason);
    }

    /** A second witness matters only where the registry has its own doubts. */
    @Override
    public void unanswered(UnitPlan unit, StartId startId, String what) {
        boolean doubted =
                view(unit.id())
                        .filter(view -> view.startId().equals(startId))
                        .filter(view -> view.state() == UnitState.SUSPECT)
                        .isPresent();
        if (doubted) {
            evidence(unit, startId, EvidenceKind.PROBE_FAILED, what);
        }
    }

    /** Not in the queue of reports: what was seen is old news when that has waited. */
    private void evidence(UnitPlan unit, StartId startId, EvidenceKind kind, String detail) {
        if (unit.service().beating() == Beating.NONE) {
            return;
        }
        Evidence evidence =
                Evidence.ofSupervisor(
                        startId,
                        kind,
                        "supervisor of " + node,
                        Texts.fitted(detail, LONGEST_REASON));
        executor.execute(() -> {
            try {
                client.evidence(unit.id(), evidence);
            } catch (RuntimeException e) {
                log.debug("no evidence about {} was taken: {}", unit.id(), e.getMessage());
            }
        });
    }

    @Override
    public void recovery(UnitPlan unit, @Nullable StartId ended, RecoveryStep step, String reason) {
        if (unit.service().beating() == Beating.NONE) {
            return;
        }
        reports.add(
                "%s of %s".formatted(step, unit.id()),
                () -> {
                    StartId start =
                            ended != null
                                    ? ended
                                    : view(unit.id()).map(UnitView::startId).orElse(null);
                    if (start != null) {
                        client.recovery(unit.id(), new RecoveryReport(start, step, words(reason)));
                    }
                });
    }

    @Override
    public void incident(UnitPlan unit, StartId failed, IncidentReport report) {
        incidents.add(unit.id(), failed, report);
    }

    @Override
    public CompletableFuture<@Nullable Permit> permit(
            UnitPlan unit, StartId startId, KillCause cause, @Nullable Integer maxUnavailable) {
        if (unit.service().beating() == Beating.NONE) {
            return CompletableFuture.completedFuture(null);
        }
        PermitRequest request =
                new PermitRequest(
                        unit.service().name(),
                        startId,
                        cause,
                        maxUnavailable,
                        questions.incrementAndGet());
        return CompletableFuture.<@Nullable Permit>supplyAsync(
                () -> {
                    try {
                        return permits.permit(unit.id(), request);
                    } catch (RuntimeException e) {
                        log.info(
                                "the registry does not say whether {} may be ended: {}",
                                unit.id(),
                                e.getMessage());
                        return null;
                    }
                },
                executor);
    }

    @Override
    public @Nullable String unconfirmable(UnitPlan unit) {
        // The state of the watch first: what the unit is read from is then no older.
        WatchStatus followed = watch();
        return new Sight(
                        contact.answers(),
                        followed,
                        view(unit.id()).orElse(null),
                        beats.taken(unit.id()))
                .obstacle(node);
    }

    @Override
    public void permitUnused(UnitPlan unit, StartId startId) {
        if (unit.service().beating() == Beating.NONE) {
            return;
        }
        long asked = questions.get();
        executor.execute(() -> {
            try {
                permits.releasePermit(unit.id(), startId, asked);
            } catch (RuntimeException e) {
                // It ends by itself after a while.
                log.info("the permit for {} was not given back: {}", unit.id(), e.getMessage());
            }
        });
    }

    @Override
    public CompletableFuture<Boolean> drain(UnitPlan unit, StartId startId, String reason) {
        beats.leave(unit.id());
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

    @Override
    public boolean drains(UnitPlan unit, StartId startId) {
        return view(unit.id())
                .filter(view -> view.startId().equals(startId))
                .filter(view ->
                        view.state() == UnitState.DRAINING || view.state() == UnitState.STOPPED)
                .isPresent();
    }

    private static String words(String reason) {
        return Texts.fitted(reason, LONGEST_REASON);
    }

    @Override
    public void close() {
        reports.close();
        beats.close();
        incidents.close();
        if (presence != null) {
            presence.close();
        }
        if (watch != null) {
            watch.close();
        }
        executor.shutdownNow();
        client.close();
        drains.close();
        permits.close();
    }
}
