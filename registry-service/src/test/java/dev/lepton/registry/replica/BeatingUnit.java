package dev.lepton.registry.replica;

import dev.lepton.client.heartbeat.Heartbeat;
import dev.lepton.client.registration.Registration;
import dev.lepton.client.rest.BearerToken;
import dev.lepton.client.rest.RegistryClient;
import dev.lepton.client.rest.RegistryRefusal;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitAddress;
import dev.lepton.client.unit.UnitId;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;

/** A unit that registers and beats by the protocol, and remembers how it was answered. */
final class BeatingUnit implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final UnitId id;
    private final StartId start = StartId.random();
    private final Duration beatTimeout;
    private final List<URI> replicas;
    private final BearerToken token;
    private final LongSupplier nanos;
    private final Queue<String> refusals = new ConcurrentLinkedQueue<>();
    private RegistryClient registry;
    private long seq;
    private volatile boolean silent;
    private volatile long lastSent;
    private volatile long lastStored;
    private volatile long longestGap;
    private volatile long longestPause;
    private volatile long slowest;

    BeatingUnit(
            String id,
            List<URI> replicas,
            BearerToken token,
            Duration beatTimeout,
            LongSupplier nanos) {
        this.id = new UnitId(id);
        this.beatTimeout = beatTimeout;
        this.replicas = replicas;
        this.token = token;
        this.registry = new RegistryClient(replicas, token, TIMEOUT);
        this.nanos = nanos;
    }

    static Registration registration(UnitId id, StartId start, String service) {
        return new Registration(
                id,
                start,
                new ServiceName(service),
                UnitAddress.http("127.0.0.1", 9),
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    UnitId id() {
        return id;
    }

    StartId start() {
        return start;
    }

    synchronized void register() {
        registry.register(registration(id, start, "worker"));
        lastStored = nanos.getAsLong();
        lastSent = lastStored;
    }

    synchronized void beat() {
        if (silent) {
            return;
        }
        long sent = nanos.getAsLong();
        longestPause = Math.max(longestPause, sent - lastSent);
        lastSent = sent;
        try {
            if (registry.beat(id, new Heartbeat(start, ++seq, null, seq, 0, null), beatTimeout)
                    .stored()) {
                long now = nanos.getAsLong();
                longestGap = Math.max(longestGap, now - lastStored);
                slowest = Math.max(slowest, now - sent);
                lastStored = now;
            }
        } catch (RegistryRefusal.Unavailable e) {
            // The gap tells.
            return;
        } catch (RegistryRefusal e) {
            refusals.add(String.valueOf(e.getMessage()));
        }
    }

    /** With a new order of the replicas, as after a restart. */
    synchronized void drawAnew() {
        registry.close();
        registry = new RegistryClient(replicas, token, TIMEOUT);
    }

    synchronized void fallSilent() {
        silent = true;
    }

    synchronized void beatAgain() {
        lastSent = nanos.getAsLong();
        silent = false;
    }

    boolean silent() {
        return silent;
    }

    /** When the last beat was sent. */
    long lastSent() {
        return lastSent;
    }

    void measureAnew() {
        longestGap = 0;
        longestPause = 0;
        slowest = 0;
    }

    /** Between two answers that said that the beat is stored. */
    Duration longestGap() {
        return Duration.ofNanos(longestGap);
    }

    /** Between two beats that were sent, whatever became of them. */
    Duration longestPause() {
        return Duration.ofNanos(longestPause);
    }

    /** From the sending of a beat to the answer that it is stored, across all URLs. */
    Duration slowest() {
        return Duration.ofNanos(slowest);
    }

    /** Answers that were no success, but for those that ask to come again. */
    Queue<String> refusals() {
        return refusals;
    }

    @Override
    public synchronized void close() {
        registry.close();
    }
}
