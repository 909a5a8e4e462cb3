package dev.lepton.starter.actuate;

import dev.lepton.starter.membership.HealthStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;

/**
 * The status of the health groups {@code liveness} and {@code readiness}: asked from a thread of
 * its own, since an indicator may block for long, from the first time that somebody wants to know.
 */
public final class HealthGroups implements HealthStatus, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(HealthGroups.class);
    private static final List<String> GROUPS = List.of("liveness", "readiness");

    private final Supplier<@Nullable HealthEndpoint> endpoint;
    private final Duration interval;
    private final AtomicBoolean asked = new AtomicBoolean();
    private final ScheduledExecutorService asking;
    private volatile Map<String, String> status = Map.of();

    /**
     * @param endpoint looked up when first needed, so that no health indicator is made early
     */
    public HealthGroups(Supplier<@Nullable HealthEndpoint> endpoint, Duration interval) {
        this(
                endpoint,
                interval,
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("lepton-health").factory()));
    }

    HealthGroups(
            Supplier<@Nullable HealthEndpoint> endpoint,
            Duration interval,
            ScheduledExecutorService asking) {
        this.endpoint = endpoint;
        this.interval = interval;
        this.asking = asking;
    }

    @Override
    public Map<String, String> byGroup() {
        if (asked.compareAndSet(false, true)) {
            begin();
        }
        return status;
    }

    /** Whoever wants to know next begins it when this did not, as for want of a thread. */
    private void begin() {
        boolean begun = false;
        try {
            asking.scheduleWithFixedDelay(this::ask, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
            begun = true;
        } finally {
            asked.set(begun || asking.isShutdown());
        }
    }

    @Override
    public void close() {
        asked.set(true);
        asking.shutdownNow();
    }

    private void ask() {
        Map<String, String> now = new TreeMap<>();
        for (String group : GROUPS) {
            try {
                HealthEndpoint health = endpoint.get();
                HealthDescriptor answer = health == null ? null : health.healthForPath(group);
                if (answer != null) {
                    now.put(group, answer.getStatus().getCode());
                }
            } catch (Throwable e) {
                // A group that cannot be told says nothing about the other one, and an Error of an
                // indicator must not end the asking.
                log.debug("Cannot tell the health group {}", group, e);
            }
        }
        status = Map.copyOf(now);
    }
}
