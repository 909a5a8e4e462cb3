package dev.lepton.gateway.routing;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitAddress;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.client.unit.UnitView;
import dev.lepton.gateway.balancing.Hash;
import dev.lepton.gateway.balancing.Load;
import dev.lepton.gateway.balancing.PeakEwma;
import dev.lepton.gateway.balancing.SlowStart;
import dev.lepton.gateway.breaker.UnitBreaker;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What this gateway knows of one start of a unit; handed on from table to table while that start
 * lives.
 */
public final class TrackedUnit implements Load {

    private final UnitId id;
    private final StartId start;
    private final long incarnation;
    private final UnitAddress address;
    private final int weight;
    private final @Nullable String zone;
    private final @Nullable String version;
    private final long hash;
    private final UnitBreaker breaker;
    private final SlowStart slowStart;
    private final long seenNanos;
    private final Set<InFlight> inFlight = ConcurrentHashMap.newKeySet();
    private final AtomicReference<PeakEwma> latency = new AtomicReference<>(PeakEwma.UNKNOWN);
    private volatile boolean gone;
    private volatile long lastPickedNanos;
    private volatile long lastAnswerNanos;

    TrackedUnit(UnitView view, UnitBreaker breaker, SlowStart slowStart, long nowNanos) {
        this.id = view.unitId();
        this.start = view.startId();
        this.incarnation = view.incarnation();
        this.address = view.address();
        this.weight = view.weight();
        this.zone = view.zone();
        this.version = view.version();
        this.hash = Hash.of(id.value());
        this.breaker = breaker;
        this.slowStart = slowStart;
        this.seenNanos = nowNanos;
        this.lastPickedNanos = nowNanos;
        this.lastAnswerNanos = nowNanos;
    }

    boolean isSameStartAs(UnitView view) {
        return incarnation == view.incarnation() && address.equals(view.address());
    }

    public UnitId id() {
        return id;
    }

    public StartId start() {
        return start;
    }

    public long incarnation() {
        return incarnation;
    }

    public UnitAddress address() {
        return address;
    }

    public UnitBreaker breaker() {
        return breaker;
    }

    /** Tells the attempt at once when the unit has gone since it was picked. */
    public void begin(InFlight attempt, long nowNanos) {
        inFlight.add(attempt);
        lastPickedNanos = nowNanos;
        if (gone) {
            attempt.unitGone();
        }
    }

    public void end(InFlight attempt) {
        inFlight.remove(attempt);
    }

    public void answered(long nowNanos) {
        lastAnswerNanos = nowNanos;
    }

    /** Whether the unit answered nobody since. */
    public boolean silentSince(long nanos) {
        return lastAnswerNanos - nanos <= 0;
    }

    public void observeLatency(long rttNanos, long nowNanos) {
        latency.updateAndGet(before -> before.observe(rttNanos, nowNanos));
    }

    /** Whether it failed or was superseded; one that ended in order is not gone. */
    public boolean isGone() {
        return gone;
    }

    /** Whether this start ended in order: what it still has to do it does. */
    boolean endedInOrder(@Nullable UnitView now) {
        return now != null && now.state() == UnitState.STOPPED && now.incarnation() == incarnation;
    }

    void gone() {
        // Before the look at who is in flight: one that is added later sees the flag.
        gone = true;
        List.copyOf(inFlight).forEach(InFlight::unitGone);
    }

    @Override
    public long hash() {
        return hash;
    }

    @Override
    public int weight() {
        return weight;
    }

    @Override
    public double share(long nowNanos) {
        return slowStart.share(nowNanos - seenNanos);
    }

    @Override
    public @Nullable String zone() {
        return zone;
    }

    @Override
    public @Nullable String version() {
        return version;
    }

    @Override
    public int inFlight() {
        return inFlight.size();
    }

    @Override
    public double latencyNanos(long nowNanos) {
        return latency.get().at(nowNanos);
    }

    @Override
    public long lastPickedNanos() {
        return lastPickedNanos;
    }

    @Override
    public String toString() {
        return id + "#" + incarnation;
    }
}
