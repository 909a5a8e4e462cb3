package dev.lepton.supervisor.registry;

import dev.lepton.client.heartbeat.Heartbeat;
import dev.lepton.client.heartbeat.HeartbeatBatch;
import dev.lepton.client.heartbeat.HeartbeatBatch.UnitHeartbeat;
import dev.lepton.client.heartbeat.HeartbeatBatchAnswer;
import dev.lepton.client.heartbeat.SelfCheck;
import dev.lepton.client.registration.Registered;
import dev.lepton.client.registration.Registration;
import dev.lepton.client.rest.RegistryRefusal;
import dev.lepton.client.unit.Beater;
import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitAddress;
import dev.lepton.client.unit.UnitId;
import dev.lepton.supervisor.supervision.UnitPlan;
import dev.lepton.supervisor.supervision.UnitStatus;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes programs without the starter units: registers each when its probe is first answered, and
 * beats for all of them in one call each second, or as seldom as the registry of a large fleet asks
 * for. A unit whose last probe failed, or lies too long ago because the supervisor itself was held
 * up, is not beaten for. Says which start of an exclusive unit no registry has confirmed in time,
 * and whose place is another start's.
 */
final class NodeBeats implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(NodeBeats.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration FENCE_INTERVAL = Duration.ofMillis(100);
    private static final Duration PROBE_AGE_LIMIT = Duration.ofMillis(2500);
    private static final Duration BEAT_TIMEOUT = Duration.ofMillis(300);

    /** One start that is beaten for. */
    private static final class Beaten {
        private final UnitPlan plan;
        private final StartId start;
        private final String host;
        private final int port;
        private final @Nullable Long pid;
        private boolean probeGood;
        private long probedNanos;
        private boolean registered;
        private @Nullable Long registeringSince;
        private Confirmation confirmation = Confirmation.NONE;
        private boolean superseded;

        /** A registry has said that another start has its place, and nobody was told yet. */
        private boolean displaced;

        /** Not confirmed in time, so that it ends and is not beaten for any more. */
        private boolean over;

        /** It is being stopped, so that it is not beaten for any more. */
        private boolean leaving;

        private long notBeforeNanos;
        private long seq;

        /** When the last beat was sent that a registry stored, null before there was one. */
        private @Nullable Long storedNanos;

        /**
         * @param lastSeq the number before that of the first beat; above all that an earlier
         *     supervisor may have sent for this start, which the registry would take for old news
         */
        private Beaten(
                UnitPlan plan,
                StartId start,
                String host,
                int port,
                @Nullable Long pid,
                long now,
                long lastSeq) {
            this.plan = plan;
            this.start = start;
            this.host = host;
            this.port = port;
            this.pid = pid;
            this.notBeforeNanos = now;
            this.seq = lastSeq;
        }
    }

    /** Told of a start that no registry has confirmed in time. */
    @FunctionalInterface
    interface Unconfirmed {

        /**
         * @param left when it must have ended
         */
        void found(UnitId unit, StartId start, Duration left);
    }

    private final Function<Registration, Registered> register;
    private final BiFunction<HeartbeatBatch, Duration, HeartbeatBatchAnswer> beat;
    private final NodeName node;
    private final String host;
    private final LongSupplier nanos;
    private final InstantSource clock;
    private final Map<UnitId, Beaten> units = new LinkedHashMap<>();
    private final ScheduledExecutorService executor =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("node-beats").factory());

    /** Of its own: a call to a registry that is away holds the other one up. */
    private final ScheduledExecutorService fences =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("node-fences").factory());

    /** Until when a place is taken by another start, as a registry said. */
    private final Map<UnitId, Long> takenUntilNanos = new HashMap<>();

    private Duration beatTimeout = BEAT_TIMEOUT;
    private Duration interval = INTERVAL;
    private volatile boolean started;

    /**
     * @param register registers a unit or throws a {@link RegistryRefusal}
     * @param host where others reach the units of this node
     * @param beat sends a batch or throws a {@link RegistryRefusal}
     */
    NodeBeats(
            Function<Registration, Registered> register,
            BiFunction<HeartbeatBatch, Duration, HeartbeatBatchAnswer> beat,
            NodeName node,
            String host,
            LongSupplier nanos,
            InstantSource clock) {
        this.register = register;
        this.beat = beat;
        this.node = node;
        this.host = host;
        this.nanos = nanos;
        this.clock = clock;
    }

    /**
     * @param displaced told of a start whose place is another's
     */
    void start(Unconfirmed unconfirmed, BiConsumer<UnitId, StartId> displaced) {
        started = true;
        executor.scheduleAtFixedRate(
                this::pass, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        fences.scheduleAtFixedRate(
                () -> {
                    endUnconfirmed(unconfirmed);
                    endDisplaced(displaced);
                },
                FENCE_INTERVAL.toMillis(),
                FENCE_INTERVAL.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** Says once of each start that it is over; for good, whatever is answered later. */
    synchronized void endUnconfirmed(Unconfirmed unconfirmed) {
        long now = nanos.getAsLong();
        for (Beaten unit : units.values()) {
            if (!unit.over && unit.confirmation.over(now)) {
                unit.over = true;
                unconfirmed.found(unit.plan.id(), unit.start, unit.confirmation.left(now));
            }
        }
    }

    /**
     * Says of each start that another has its place, once for each time that a registry said so.
     */
    synchronized void endDisplaced(BiConsumer<UnitId, StartId> found) {
        for (Beaten unit : units.values()) {
            if (unit.displaced) {
                unit.displaced = false;
                found.accept(unit.plan.id(), unit.start);
            }
        }
    }

    /** Whether another start has the place of the unit, by what a registry last said of it. */
    synchronized boolean taken(UnitId unit) {
        Long until = takenUntilNanos.get(unit);
        return until != null && nanos.getAsLong() - until < 0;
    }

    void probed(UnitPlan plan, UnitStatus status, boolean good) {
        StartId start = status.startId();
        Integer port = status.port();
        String reached = status.host();
        if (start == null || port == null || reached == null) {
            return;
        }
        boolean isNew;
        synchronized (this) {
            Beaten unit = units.get(plan.id());
            isNew = unit == null || !unit.start.equals(start);
            if (unit == null || isNew) {
                if (!good) {
                    return;
                }
                unit =
                        new Beaten(
                                plan,
                                start,
                                // A container answers everybody at its own address.
                                plan.service().inContainers() ? reached : host,
                                port,
                                status.pid(),
                                nanos.getAsLong(),
                                clock.millis());
                units.put(plan.id(), unit);
            }
            if (good && !unit.probeGood) {
                // Whoever took it down meanwhile is to hear of it at once.
                unit.storedNanos = null;
            }
            unit.probeGood = good;
            unit.probedNanos = nanos.getAsLong();
        }
        if (isNew && started) {
            // Not to lose up to a second before the first requests reach it.
            executor.execute(this::pass);
        }
    }

    /**
     * It is being stopped: it is beaten for no more. Until it has ended it is held to its time all
     * the same, because after that its place is free.
     */
    synchronized void leave(UnitId id) {
        Beaten unit = units.get(id);
        if (unit != null) {
            unit.leaving = true;
        }
    }

    synchronized void forget(UnitId unit) {
        units.remove(unit);
    }

    /** One turn: registers what is new, beats for the rest. */
    void pass() {
        try {
            due(false).forEach(this::register);
            List<Beaten> beaten = due(true);
            for (int from = 0; from < beaten.size(); from += HeartbeatBatch.LIMIT) {
                beat(beaten.subList(from, Math.min(beaten.size(), from + HeartbeatBatch.LIMIT)));
            }
        } catch (RuntimeException e) {
            // The next turn comes in a second; a registry that is away is no fault of ours.
            log.debug("no beats in this turn: {}", e.getMessage());
        }
    }

    private synchronized List<Beaten> due(boolean registered) {
        long now = nanos.getAsLong();
        List<Beaten> due = new ArrayList<>();
        for (Beaten unit : units.values()) {
            boolean fresh = now - unit.probedNanos <= PROBE_AGE_LIMIT.toNanos();
            if (unit.registered == registered
                    && !unit.superseded
                    && !unit.over
                    && !unit.leaving
                    && unit.probeGood
                    && fresh
                    && now - unit.notBeforeNanos >= 0
                    && !mayRest(unit, now)) {
                due.add(unit);
            }
        }
        return due;
    }

    /** A beat that was not stored is followed by another in the next turn all the same. */
    private boolean mayRest(Beaten unit, long now) {
        Long stored = unit.storedNanos;
        return unit.registered
                && stored != null
                && interval.compareTo(INTERVAL) > 0
                && now - stored < interval.minus(INTERVAL.dividedBy(2)).toNanos();
    }

    private void register(Beaten unit) {
        long sent = nanos.getAsLong();
        if (unit.registeringSince == null) {
            unit.registeringSince = sent;
        }
        // Any call since the first may be the one that the registry has stored.
        long since = unit.registeringSince;
        try {
            Registered answer =
                    register.apply(
                            new Registration(
                                    unit.plan.id(),
                                    unit.start,
                                    unit.plan.service().name(),
                                    UnitAddress.http(unit.host, unit.port),
                                    node,
                                    Beater.NODE,
                                    null,
                                    null,
                                    null,
                                    unit.pid,
                                    labels(unit.plan)));
            log.info("{} registered as incarnation {}", unit.plan.id(), answer.incarnation());
            synchronized (this) {
                unit.registered = true;
                takenUntilNanos.remove(unit.plan.id());
                unit.confirmation =
                        unit.confirmation.told(answer.fence(), answer.repeated() ? since : sent);
                unit.registeringSince = null;
                unit.storedNanos = null;
                beatTimeout = answer.heartbeatTimeout();
                interval = answer.heartbeatInterval();
            }
        } catch (RegistryRefusal.Superseded e) {
            supersede(unit, e.getMessage());
        } catch (RegistryRefusal.InUse e) {
            inUse(unit, e.retryAfter());
        } catch (RegistryRefusal.Unavailable e) {
            Duration asked = e.retryAfter();
            postpone(unit, asked == null ? INTERVAL : asked);
        } catch (RegistryRefusal e) {
            log.warn("{} is not registered: {}", unit.plan.id(), e.getMessage());
            postpone(unit, Duration.ofSeconds(10));
        }
    }

    private static Map<String, String> labels(UnitPlan plan) {
        return plan.service().policy().exclusive()
                ? Map.of(Registration.EXCLUSIVE_LABEL, "true")
                : Map.of();
    }

    private void beat(List<Beaten> due) {
        if (due.isEmpty()) {
            return;
        }
        Map<UnitId, Beaten> byId = new LinkedHashMap<>();
        List<UnitHeartbeat> beats = new ArrayList<>();
        Duration timeout;
        synchronized (this) {
            timeout = beatTimeout;
            for (Beaten unit : due) {
                byId.put(unit.plan.id(), unit);
                beats.add(
                        new UnitHeartbeat(
                                unit.plan.id(),
                                new Heartbeat(
                                        unit.start, ++unit.seq, SelfCheck.OK, 0, 0, Map.of())));
            }
        }
        long sent = nanos.getAsLong();
        HeartbeatBatchAnswer answer = beat.apply(new HeartbeatBatch(node, beats), timeout);
        synchronized (this) {
            interval = answer.heartbeatInterval();
        }
        for (var outcome : answer.outcomes()) {
            Beaten unit = byId.get(outcome.unitId());
            if (unit == null) {
                continue;
            }
            switch (outcome.outcome()) {
                case ACCEPTED -> {
                    synchronized (this) {
                        unit.storedNanos = answer.stored() ? Long.valueOf(sent) : unit.storedNanos;
                        unit.confirmation =
                                answer.stored()
                                        ? unit.confirmation.confirmed(outcome.fence(), sent)
                                        : unit.confirmation.told(outcome.fence(), sent);
                    }
                }
                case UNKNOWN -> {}
                case NOT_REGISTERED -> {
                    synchronized (this) {
                        unit.registered = false;
                    }
                }
                case SUPERSEDED -> supersede(unit, "its beat was refused");
            }
        }
    }

    private synchronized void postpone(Beaten unit, Duration pause) {
        unit.notBeforeNanos = nanos.getAsLong() + pause.toNanos();
    }

    private synchronized void inUse(Beaten unit, Duration pause) {
        postpone(unit, pause);
        takenUntilNanos.put(unit.plan.id(), unit.notBeforeNanos);
        unit.displaced = true;
    }

    private void supersede(Beaten unit, @Nullable String why) {
        log.warn("{}, start {}, is superseded: {}", unit.plan.id(), unit.start, why);
        synchronized (this) {
            unit.superseded = true;
            unit.displaced = true;
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
        fences.shutdownNow();
    }
}
