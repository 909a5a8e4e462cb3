package dev.lepton.starter.membership;

import dev.lepton.client.heartbeat.Heartbeat;
import dev.lepton.client.heartbeat.HeartbeatAnswer;
import dev.lepton.client.heartbeat.SelfCheck;
import dev.lepton.client.registration.DrainRequest;
import dev.lepton.client.registration.Registered;
import dev.lepton.client.rest.RegistryRefusal;
import dev.lepton.client.unit.UnitAddress;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.starter.fence.Fence;
import dev.lepton.starter.selfcheck.SelfChecker;
import dev.lepton.starter.traffic.RequestCounts;
import dev.lepton.starter.traffic.RequestGate;
import dev.lepton.starter.unit.AdvertisedHost;
import dev.lepton.starter.unit.ThisUnit;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the unit in the registry from one platform thread, which shares nothing with the threads
 * that serve requests: registers, beats for as long as the process lives, registers again when it
 * was forgotten, and ends for good when another start has become the unit.
 */
public final class Membership implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Membership.class);
    private static final Duration TIME_TO_LEAVE = Duration.ofSeconds(1);

    private final ThisUnit unit;
    private final AdvertisedHost advertisedHost;
    private final RegistryAccess registry;
    private final RequestGate gate;
    private final RequestCounts counts;
    private final SelfChecker selfChecker;
    private final HealthStatus health;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final Fence fence;
    private final Runnable superseded;
    private @Nullable Long registeringSince;
    private final BeatPlan plan;
    private final Semaphore news = new Semaphore(0);
    private final long pid;
    private volatile MembershipView view = MembershipView.BEFORE;
    private volatile Duration beatTimeout = Duration.ofMillis(300);
    private volatile @Nullable Thread thread;
    private volatile boolean leaving;
    private volatile boolean closed;
    private long seq;

    /**
     * @param pid of this process, for the operators
     * @param fence told what the registry confirms
     * @param superseded told once this start is over for ever and takes no request any more
     */
    public Membership(
            ThisUnit unit,
            AdvertisedHost advertisedHost,
            RegistryAccess registry,
            RequestGate gate,
            RequestCounts counts,
            SelfChecker selfChecker,
            HealthStatus health,
            InstantSource clock,
            LongSupplier nanos,
            RandomGenerator random,
            long pid,
            Fence fence,
            Runnable superseded) {
        this.unit = unit;
        this.advertisedHost = advertisedHost;
        this.registry = registry;
        this.gate = gate;
        this.counts = counts;
        this.selfChecker = selfChecker;
        this.health = health;
        this.clock = clock;
        this.nanos = nanos;
        this.plan = new BeatPlan(random, nanos.getAsLong());
        this.pid = pid;
        this.fence = fence;
        this.superseded = superseded;
    }

    public MembershipView view() {
        return view;
    }

    /** The service answers at this port now; returns at once. */
    public void start(boolean secure, int port) {
        unit.listensOn(port);
        view = view.standing(Standing.REGISTERING);
        thread =
                Thread.ofPlatform()
                        .daemon()
                        .name("lepton-beat")
                        .start(() -> keep(secure ? "https" : "http", port));
    }

    /** Has the next beat sent at once, because what it says has changed. */
    public void beatNow() {
        news.release();
    }

    /**
     * Tells the registry that the unit stops; beats go on, and no registration follows any more.
     *
     * @return whether the registry may have sent requests here, so that they are to be waited for
     */
    public boolean leave(String reason, Duration atMost) {
        leaving = true;
        news.release();
        UnitId id = unit.id();
        if (id == null || unit.incarnation().isEmpty()) {
            return false;
        }
        if (view.standing() != Standing.SUPERSEDED) {
            within(
                    atMost,
                    "lepton-drain-call",
                    () -> registry.client().drain(id, new DrainRequest(unit.startId(), reason)));
        }
        return true;
    }

    /** Ends the beats and deregisters; returns after a second even when no registry answers. */
    @Override
    public void close() {
        closed = true;
        leaving = true;
        news.release();
        Thread running = thread;
        if (running != null) {
            join(running, TIME_TO_LEAVE);
        }
        UnitId id = unit.id();
        if (id != null
                && unit.incarnation().isPresent()
                && view.standing() != Standing.SUPERSEDED) {
            within(
                    TIME_TO_LEAVE,
                    "lepton-leave-call",
                    () -> registry.client().deregister(id, unit.startId()));
            log.info("Unit {} left the registry", id);
        }
        view = view.standing(Standing.LEFT);
        registry.close();
    }

    private void keep(String scheme, int port) {
        BeatPlan.Step step = new BeatPlan.Register();
        while (!closed && !(step instanceof BeatPlan.Over)) {
            try {
                if (leaving) {
                    plan.leave();
                }
                step = plan.next(nanos.getAsLong());
                take(step, scheme, port);
            } catch (Throwable e) {
                outlive(e, step);
            }
        }
    }

    private void take(BeatPlan.Step step, String scheme, int port) {
        switch (step) {
            case BeatPlan.Register() -> register(scheme, port);
            case BeatPlan.Beat() -> beat();
            case BeatPlan.Wait(long wait) -> waitForNews(wait);
            case BeatPlan.Over() -> log.debug("No beat of unit {} follows any more", unit.id());
        }
    }

    /**
     * Not even an Error ends the beats: the process lives, and short of memory for a moment it
     * would be taken for dead.
     */
    private void outlive(Throwable e, BeatPlan.Step step) {
        LockSupport.parkNanos(BeatPlan.FIRST_PAUSE.toNanos());
        try {
            if (step instanceof BeatPlan.Register) {
                plan.registrationFailed(BeatPlan.FIRST_PAUSE, nanos.getAsLong());
            }
            report("the beating thread failed: " + e);
        } catch (Throwable again) {
            // As when there is no memory for the message: to go on is worth more than to tell.
        }
    }

    private void waitForNews(long atMostNanos) {
        try {
            if (news.tryAcquire(atMostNanos, TimeUnit.NANOSECONDS)) {
                news.drainPermits();
                plan.beatNow(nanos.getAsLong());
            }
        } catch (InterruptedException e) {
            // Nobody interrupts this thread; to beat on is its whole duty.
            log.debug("Interrupted while waiting", e);
        }
    }

    private void register(String scheme, int port) {
        try {
            if (unit.address() == null) {
                Optional<String> host = advertisedHost.find();
                if (host.isEmpty()) {
                    throw new RegistryRefusal.Unavailable(
                            "none of " + registry.urls() + " accepts a connection", null, null);
                }
                unit.reachableAt(new UnitAddress(scheme, host.get(), port));
            }
            long sent = nanos.getAsLong();
            if (registeringSince == null) {
                registeringSince = sent;
            }
            Registered registered = registry.client().register(unit.registration(pid));
            unit.assigned(registered.incarnation());
            // Any call since the first may be the one that the registry has stored.
            fence.told(registered.fence(), registered.repeated() ? registeringSince : sent);
            registeringSince = null;
            beatTimeout = registered.heartbeatTimeout();
            plan.registered(
                    registered.heartbeatInterval(),
                    selfChecker.verdict() != null,
                    nanos.getAsLong());
            view = view.registered(registered.heartbeatInterval());
            log.info(
                    "Unit {} of service {} registered at {} as incarnation {}",
                    unit.id(),
                    unit.service(),
                    unit.address(),
                    registered.incarnation());
        } catch (RegistryRefusal refusal) {
            notRegistered(refusal);
        } catch (RuntimeException e) {
            // A token file that is being written, above all: soon it is there.
            report("cannot register: " + e);
            plan.registrationFailed(Duration.ZERO, nanos.getAsLong());
        }
    }

    private void notRegistered(RegistryRefusal refusal) {
        long now = nanos.getAsLong();
        switch (refusal) {
            case RegistryRefusal.Unavailable unavailable -> {
                report("the registry is away: " + refusal.getMessage());
                plan.registrationFailed(
                        Objects.requireNonNullElse(unavailable.retryAfter(), Duration.ZERO), now);
            }
            case RegistryRefusal.InUse inUse -> {
                view = view.standing(Standing.WAITING_FOR_UNIT);
                report("another start holds the unit: " + refusal.getMessage());
                plan.inUse(inUse.retryAfter(), now);
            }
            case RegistryRefusal.Superseded ignored -> superseded(refusal);
            case RegistryRefusal.Unauthorized ignored -> {
                report("the registry refuses the token: " + refusal.getMessage());
                registry.forgetToken();
                plan.registrationFailed(BeatPlan.FIRST_PAUSE, now);
            }
            case RegistryRefusal.NotRegistered ignored ->
                    plan.registrationFailed(BeatPlan.FIRST_PAUSE, now);
            case RegistryRefusal.Rejected ignored -> {
                report("the registry rejects the registration: " + refusal.getMessage());
                plan.rejected(now);
            }
        }
    }

    private void beat() {
        UnitId id = Objects.requireNonNull(unit.id(), "a unit that beats has an id");
        long sent = nanos.getAsLong();
        plan.beatStarts(sent);
        try {
            HeartbeatAnswer answer = registry.client().beat(id, heartbeat(), beatTimeout);
            beatTimeout = answer.heartbeatTimeout();
            unit.assigned(answer.incarnation());
            if (answer.stored()) {
                fence.confirmed(answer.fence(), sent);
            } else {
                fence.told(answer.fence(), sent);
            }
            gate.operatorDrains(answer.state() == UnitState.DRAINING);
            plan.beatAccepted(answer.heartbeatInterval(), nanos.getAsLong());
            answered(answer);
        } catch (RegistryRefusal refusal) {
            notAccepted(refusal);
        } catch (RuntimeException e) {
            report("cannot beat: " + e);
        }
    }

    private Heartbeat heartbeat() {
        seq++;
        view = view.beat(seq);
        // Not asked yet is neither good nor proven bad.
        SelfCheck verdict = Objects.requireNonNullElse(selfChecker.verdict(), SelfCheck.LATE);
        return new Heartbeat(
                unit.startId(),
                seq,
                verdict,
                counts.completed(),
                Math.max(0, counts.inFlight()),
                health.byGroup());
    }

    private void answered(HeartbeatAnswer answer) {
        MembershipView before = view;
        view =
                before.answered(
                        answer.state(),
                        clock.instant(),
                        answer.stored(),
                        answer.heartbeatInterval());
        if (before.problem() != null) {
            log.info("The registry answers unit {} again", unit.id());
        }
        if (before.state() != answer.state()) {
            log.info(
                    "Unit {} is {} now, was {}",
                    unit.id(),
                    answer.state(),
                    Objects.requireNonNullElse(before.state(), "new"));
        }
    }

    private void notAccepted(RegistryRefusal refusal) {
        switch (refusal) {
            case RegistryRefusal.NotRegistered ignored -> {
                if (!leaving && view.standing() == Standing.MEMBER) {
                    log.info("The registry has forgotten unit {}, registering again", unit.id());
                }
                view = view.standing(Standing.REGISTERING);
                plan.notRegistered(nanos.getAsLong());
            }
            case RegistryRefusal.Superseded ignored -> superseded(refusal);
            case RegistryRefusal.Unauthorized ignored -> {
                report("the registry refuses the token: " + refusal.getMessage());
                registry.forgetToken();
            }
            case RegistryRefusal.Unavailable ignored ->
                    report("the registry is away: " + refusal.getMessage());
            case RegistryRefusal.InUse ignored -> report(refusal.getMessage());
            case RegistryRefusal.Rejected ignored ->
                    report("the registry rejects a beat: " + refusal.getMessage());
        }
    }

    private void superseded(RegistryRefusal refusal) {
        view = view.standing(Standing.SUPERSEDED).failed(String.valueOf(refusal.getMessage()));
        plan.superseded();
        gate.drain();
        log.warn(
                "Start {} is no longer unit {}: it ends its requests and beats no more ({})",
                unit.startId(),
                unit.id(),
                refusal.getMessage());
        superseded.run();
    }

    /** Logs a trouble once while it lasts. */
    private void report(@Nullable String problem) {
        String text = String.valueOf(problem);
        if (view.problem() == null) {
            log.warn("Unit of service {}: {}", unit.service(), text);
        } else {
            log.debug("Unit of service {}: {}", unit.service(), text);
        }
        view = view.failed(text);
    }

    private static void within(Duration atMost, String name, Runnable call) {
        Thread calling =
                Thread.ofPlatform()
                        .daemon()
                        .name(name)
                        .start(() -> {
                            try {
                                call.run();
                            } catch (RuntimeException e) {
                                // The lease ends what could not be said.
                                log.debug("{} failed", name, e);
                            }
                        });
        join(calling, atMost);
    }

    private static void join(Thread other, Duration atMost) {
        try {
            other.join(atMost);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
