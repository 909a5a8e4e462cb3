package dev.lepton.supervisor.supervision;

import dev.lepton.client.desired.Desired;
import dev.lepton.client.desired.DesiredRun;
import dev.lepton.client.incident.DrillFault;
import dev.lepton.client.node.NodeBeat.Observed;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.supervisor.declaration.Declaration;
import dev.lepton.supervisor.declaration.ServiceDeclaration;
import dev.lepton.supervisor.home.LeptonHome;
import dev.lepton.supervisor.journal.Journal;
import dev.lepton.supervisor.journal.UnitRecord;
import dev.lepton.supervisor.recovery.NodeBrake;
import dev.lepton.supervisor.recovery.ServicePolicies;
import dev.lepton.supervisor.recovery.UnitPolicy;
import dev.lepton.supervisor.runtime.ContainerMark;
import dev.lepton.supervisor.runtime.RunLogs;
import dev.lepton.supervisor.runtime.UnitRuntime;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All units of this node: takes over those that run, starts the others in the order of their
 * dependencies, and stops all of them in the reverse order.
 */
public final class Supervision {

    private static final Logger log = LoggerFactory.getLogger(Supervision.class);

    private final Declaration declaration;
    private final Journal journal;
    private final UnitRuntime runtime;
    private final Ports ports;
    private final Roster units = new Roster();
    private final Function<UnitPlan, SupervisedUnit> maker;
    private final Map<ServiceName, GroupRestart> groups = new ConcurrentHashMap<>();
    private final ServicePolicies policies;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();

    private final Leftovers leftovers = new Leftovers();

    /**
     * What supervision works with.
     *
     * @param loops makes the event loop of a unit, by its name
     */
    public record Tools(
            UnitRuntime runtime,
            Journal journal,
            LeptonHome home,
            Launches launches,
            Prober prober,
            LifeSigns lifeSigns,
            Ports ports,
            StartGate gate,
            UnitEvents events,
            Function<String, EventLoop> loops,
            InstantSource clock,
            LongSupplier nanos,
            RandomGenerator random,
            Timing timing,
            ServicePolicies policies) {}

    /**
     * @throws dev.lepton.supervisor.journal.UnreadableJournal when it cannot be known what runs
     */
    public Supervision(Declaration declaration, Tools tools) {
        this.declaration = declaration;
        this.journal = tools.journal();
        this.runtime = tools.runtime();
        this.ports = tools.ports();
        Surroundings surroundings =
                new Surroundings(
                        tools.runtime(),
                        tools.journal(),
                        tools.launches(),
                        tools.prober(),
                        tools.lifeSigns(),
                        tools.ports(),
                        tools.gate(),
                        tools.events(),
                        this::up,
                        () -> units.all().forEach(SupervisedUnit::dependenciesChanged),
                        tools.clock(),
                        tools.nanos(),
                        tools.random(),
                        tools.timing(),
                        tools.policies(),
                        new NodeBrake(),
                        declaration.node(),
                        this::group);
        this.policies = tools.policies();
        this.maker =
                plan ->
                        new SupervisedUnit(
                                plan,
                                journal.read(plan.id()).asOf(tools.clock().instant()),
                                new RunLogs(tools.home().logs(plan.id())),
                                tools.loops().apply(plan.id().value()),
                                surroundings);
        for (ServiceDeclaration service : declaration.services().values()) {
            service.unitIds().forEach(id -> join(id, service));
        }
        for (UnitRecord entry : journal.readAll()) {
            ServiceDeclaration service =
                    entry.assigned() == null ? null : declaration.services().get(entry.assigned());
            if (service != null) {
                join(entry.unitId(), service);
            }
        }
    }

    private SupervisedUnit join(UnitId id, ServiceDeclaration service) {
        return units.join(id, unit -> maker.apply(new UnitPlan(unit, service)));
    }

    private GroupRestart group(ServiceName service) {
        return groups.computeIfAbsent(service, name -> new GroupRestart(() -> units.of(name)));
    }

    /** How a unit is recovered now. */
    public UnitPolicy policy(UnitPlan plan) {
        return policies.of(plan.service().name());
    }

    /** How far each unit has followed its desired row. */
    public List<Observed> observed() {
        return statuses().stream()
                .map(status -> new Observed(status.id(), status.observedGeneration()))
                .toList();
    }

    /** Somebody else doubts this unit: it is probed at once. */
    public void probeNow(UnitId id) {
        request(id, SupervisedUnit::probeNow);
    }

    /** The registry has proof that this start hangs. */
    public void hangs(UnitId id, StartId start, String reason) {
        request(id, unit -> unit.hangs(start, reason));
    }

    /**
     * No registry has confirmed this start, of an exclusive unit, for too long.
     *
     * @param left when it must have ended
     */
    public void unconfirmed(UnitId id, StartId start, Duration left) {
        request(id, unit -> unit.unconfirmed(start, left));
    }

    /** A registry has refused this start, because another one of the unit may be at work. */
    public void displaced(UnitId id, StartId start) {
        request(id, unit -> unit.displaced(start));
    }

    /**
     * Brings each unit of this node to what its desired row says. One that the declaration does not
     * name joins the others when it is assigned to this node, which must know its service, and once
     * nothing is left of what an earlier supervisor ran of it.
     *
     * @param clusterId of the change log that the rows stand in
     */
    public synchronized void follow(Collection<Desired> desired, String clusterId) {
        for (Desired row : desired) {
            if (!leftovers.postpones(row.unitId(), () -> follow(row, clusterId))) {
                follow(row, clusterId);
            }
        }
    }

    private synchronized void follow(Desired row, String clusterId) {
        SupervisedUnit unit = units.find(row.unitId());
        ServiceDeclaration service = declaration.services().get(row.service());
        if (unit == null && service != null && !service.inContainers() && isAssignedHere(row)) {
            unit = join(row.unitId(), service);
            log.info("{} is assigned to this node: {}", row.unitId(), row.reason());
            unit.assigned();
        }
        if (unit != null) {
            unit.follow(row, clusterId);
        }
    }

    private boolean isAssignedHere(Desired row) {
        return !stopping() && declaration.node().equals(row.node()) && row.run() == DesiredRun.RUN;
    }

    /**
     * Finds of each unit what runs already; only then starts it. Does not wait for any of it, nor
     * one unit for the sight of another.
     */
    public void start() {
        List<UnitRecord> records = journal.readAll();
        records.forEach(this::reservePorts);
        declaration.services().values().forEach(this::reservePorts);
        endLeftovers(records);
        units.all().forEach(SupervisedUnit::begin);
    }

    private synchronized void endLeftovers(List<UnitRecord> records) {
        records.stream()
                .filter(entry -> units.find(entry.unitId()) == null)
                .forEach(entry -> leftovers.end(entry, runtime, journal));
    }

    /**
     * Stops every unit, each after all units of the services that depend on its own. Completes when
     * no process is left; a second call joins the first.
     */
    public CompletableFuture<Void> stopAll(String reason) {
        if (stopping.compareAndSet(false, true)) {
            log.info("stopping all units: {}", reason);
            Map<ServiceName, CompletableFuture<Void>> stops = new HashMap<>();
            CompletableFuture.allOf(
                            Stream.concat(
                                            Stream.of(leftovers.ended()),
                                            declaration.services().keySet().stream()
                                                    .map(name -> stopService(name, reason, stops)))
                                    .toArray(CompletableFuture<?>[]::new))
                    .thenRun(() -> {
                        log.info("all units are stopped");
                        stopped.complete(null);
                    });
        }
        return stopped;
    }

    private CompletableFuture<Void> stopService(
            ServiceName name, String reason, Map<ServiceName, CompletableFuture<Void>> stops) {
        CompletableFuture<Void> known = stops.get(name);
        if (known != null) {
            return known;
        }
        List<CompletableFuture<Void>> dependants =
                declaration.services().values().stream()
                        .filter(other -> other.dependsOn().contains(name))
                        .map(other -> stopService(other.name(), reason, stops))
                        .toList();
        CompletableFuture<Void> stop =
                CompletableFuture.allOf(dependants.toArray(CompletableFuture<?>[]::new))
                        .thenCompose(_ -> all(units.of(name), unit -> unit.end(reason)));
        stops.put(name, stop);
        return stop;
    }

    /** Whether every unit has been stopped for good. */
    public boolean stopped() {
        return stopped.isDone();
    }

    public boolean stopping() {
        return stopping.get();
    }

    public List<UnitStatus> statuses() {
        return units.all().stream().map(SupervisedUnit::status).toList();
    }

    public List<UnitPlan> plans() {
        return units.all().stream().map(SupervisedUnit::plan).toList();
    }

    public Optional<UnitPlan> plan(UnitId id) {
        return Optional.ofNullable(units.find(id)).map(SupervisedUnit::plan);
    }

    public Optional<UnitStatus> status(UnitId id) {
        return Optional.ofNullable(units.find(id)).map(SupervisedUnit::status);
    }

    /** Whether every unit that is wanted to run has been ready. */
    public boolean ready() {
        return !stopping()
                && statuses().stream().allMatch(status -> status.readyOnce() || status.held());
    }

    /** Starts a unit that does not run; answers whether there is such a unit. */
    public boolean start(UnitId id, String reason) {
        return request(id, unit -> unit.start(reason));
    }

    public boolean stop(UnitId id, String reason) {
        return request(id, unit -> unit.stop(reason));
    }

    public boolean restart(UnitId id, String reason) {
        return request(id, unit -> unit.restart(reason));
    }

    /**
     * Makes this start of a unit fail, by the registry's permit. Empty when there is no such unit
     * here; completes once it is struck or will not be.
     */
    public Optional<CompletableFuture<StrikeOutcome>> strike(
            UnitId id, StartId start, DrillFault fault, String decidedBy) {
        return Optional.ofNullable(units.find(id))
                .map(unit -> unit.strike(start, fault, decidedBy));
    }

    /**
     * Why a unit that such a drill strikes would not be started again, or not after its next
     * failure; completes with nothing when it would be. Empty when there is no such unit here.
     */
    public Optional<CompletableFuture<Optional<String>>> notRestarted(UnitId id, DrillFault fault) {
        return Optional.ofNullable(units.find(id)).map(unit -> unit.notRestarted(fault));
    }

    /** Somebody else has started it, who could: it was held here. */
    public void startedElsewhere(UnitId id) {
        request(id, SupervisedUnit::startedElsewhere);
    }

    private boolean request(UnitId id, Consumer<SupervisedUnit> request) {
        SupervisedUnit unit = units.find(id);
        if (unit != null) {
            request.accept(unit);
        }
        return unit != null;
    }

    private boolean up(ServiceName service) {
        return units.of(service).stream().anyMatch(unit -> unit.status().state() == UnitState.UP);
    }

    private void reservePorts(UnitRecord entry) {
        if (entry.process() instanceof ContainerMark) {
            return;
        }
        Stream.of(Optional.ofNullable(entry.port()), Optional.ofNullable(entry.managementPort()))
                .flatMap(Optional::stream)
                .forEach(ports::reserve);
    }

    private void reservePorts(ServiceDeclaration service) {
        if (service.inContainers()) {
            return;
        }
        if (service.port().fixed() != null) {
            ports.reserve(service.port().fixed());
        }
        if (service.managementPort() != null && service.managementPort().fixed() != null) {
            ports.reserve(service.managementPort().fixed());
        }
    }

    private static CompletableFuture<Void> all(
            Collection<SupervisedUnit> units,
            Function<SupervisedUnit, CompletableFuture<Void>> step) {
        List<CompletableFuture<Void>> steps = new ArrayList<>();
        units.forEach(unit -> steps.add(step.apply(unit)));
        return CompletableFuture.allOf(steps.toArray(CompletableFuture<?>[]::new));
    }
}
