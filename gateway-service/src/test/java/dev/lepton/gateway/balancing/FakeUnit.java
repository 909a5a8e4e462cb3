package dev.lepton.gateway.balancing;

import org.jspecify.annotations.Nullable;

/** A unit as a test wants it to look: ordinary, idle and known to answer in 5 ms unless it says. */
final class FakeUnit implements Load {

    static final long MILLI = 1_000_000;

    final String name;
    private int weight = 100;
    private double share = 1;
    private @Nullable String zone;
    private @Nullable String version;
    private int inFlight;
    private double latencyNanos = 5 * MILLI;
    private long lastPickedNanos;

    private FakeUnit(String name) {
        this.name = name;
    }

    static FakeUnit unit(String name) {
        return new FakeUnit(name);
    }

    FakeUnit weighing(int weight) {
        this.weight = weight;
        return this;
    }

    /** In its slow start. */
    FakeUnit sharing(double share) {
        this.share = share;
        return this;
    }

    FakeUnit in(@Nullable String zone) {
        this.zone = zone;
        return this;
    }

    FakeUnit of(@Nullable String version) {
        this.version = version;
        return this;
    }

    FakeUnit busyWith(int inFlight) {
        this.inFlight = inFlight;
        return this;
    }

    FakeUnit answeringIn(double millis) {
        this.latencyNanos = millis * MILLI;
        return this;
    }

    FakeUnit lastPicked(long nanos) {
        this.lastPickedNanos = nanos;
        return this;
    }

    @Override
    public long hash() {
        return Hash.of(name);
    }

    @Override
    public int weight() {
        return weight;
    }

    @Override
    public double share(long nowNanos) {
        return share;
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
        return inFlight;
    }

    @Override
    public double latencyNanos(long nowNanos) {
        return latencyNanos;
    }

    @Override
    public long lastPickedNanos() {
        return lastPickedNanos;
    }

    @Override
    public String toString() {
        return name;
    }
}
