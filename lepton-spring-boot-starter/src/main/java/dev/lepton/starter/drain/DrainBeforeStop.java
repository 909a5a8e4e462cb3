package dev.lepton.starter.drain;

import dev.lepton.starter.membership.Membership;
import dev.lepton.starter.traffic.RequestCounts;
import dev.lepton.starter.traffic.RequestGate;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Runs before the web server's graceful shutdown, which would answer late arrivals in its own way
 * or refuse the connection: refuses requests of gateways as not processed, tells the registry, and
 * lets the server stop once no such request came for a while.
 */
public final class DrainBeforeStop implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(DrainBeforeStop.class);
    private static final Duration TIME_TO_TELL = Duration.ofMillis(500);
    private static final Duration LOOK = Duration.ofMillis(10);

    private final Membership membership;
    private final RequestGate gate;
    private final RequestCounts counts;
    private final DrainSettings settings;
    private final LongSupplier nanos;
    private volatile boolean running;

    public DrainBeforeStop(
            Membership membership,
            RequestGate gate,
            RequestCounts counts,
            DrainSettings settings,
            LongSupplier nanos) {
        this.membership = membership;
        this.gate = gate;
        this.counts = counts;
        this.settings = settings;
        this.nanos = nanos;
    }

    /** The first to stop of all phases. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public void stop() {
        drain();
        running = false;
    }

    @Override
    public void stop(Runnable callback) {
        Thread.ofPlatform()
                .name("lepton-drain")
                .start(() -> {
                    try {
                        stop();
                    } finally {
                        callback.run();
                    }
                });
    }

    private void drain() {
        long start = nanos.getAsLong();
        gate.drain();
        CompletableFuture<Boolean> known = new CompletableFuture<>();
        Thread.ofPlatform()
                .daemon()
                .name("lepton-drain-tell")
                .start(() -> known.complete(membership.leave("the process stops", TIME_TO_TELL)));
        while (nanos.getAsLong() - start < settings.timeout().toNanos()) {
            if (known.isDone() && (!known.getNow(true) || isQuietSince(start))) {
                return;
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
        log.warn(
                "Stopping although gateways still send requests {} after the drain began ({} in"
                        + " flight)",
                settings.timeout(),
                counts.inFlight());
    }

    private boolean isQuietSince(long start) {
        long last = counts.lastNamedArrivalNanos();
        long since = last - start > 0 ? last : start;
        boolean quiet = nanos.getAsLong() - since >= settings.quiet().toNanos();
        return quiet && (settings.serverWaits() || counts.inFlight() <= 0);
    }
}
