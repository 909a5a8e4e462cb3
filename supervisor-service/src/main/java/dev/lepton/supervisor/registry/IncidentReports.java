package dev.lepton.supervisor.registry;

import dev.lepton.client.incident.IncidentReport;
import dev.lepton.client.rest.RegistryRefusal;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the registry of incidents, of each what is known last. While the registry is away they
 * wait; of more than a few hundred the oldest are dropped, and stay in the logs of the node alone.
 */
final class IncidentReports implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(IncidentReports.class);
    private static final int LIMIT = 200;
    private static final Duration AGAIN = Duration.ofSeconds(1);

    /** The words of one incident. */
    private record Waiting(UnitId unit, StartId failed, IncidentReport report) {}

    /** Sends one report, or throws a {@link RegistryRefusal}. */
    @FunctionalInterface
    interface Sender {
        void send(UnitId unit, StartId failed, IncidentReport report);
    }

    private final Sender registry;
    private final Map<StartId, Waiting> waiting = new LinkedHashMap<>();
    private final ScheduledExecutorService executor =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("incident-reports").factory());

    /** Whether another attempt is due; only the executor's thread knows it. */
    private boolean again;

    IncidentReports(Sender registry) {
        this.registry = registry;
    }

    void add(UnitId unit, StartId failed, IncidentReport report) {
        synchronized (waiting) {
            waiting.put(failed, new Waiting(unit, failed, report));
            if (waiting.size() > LIMIT) {
                waiting.remove(waiting.keySet().iterator().next());
            }
        }
        executor.execute(() -> {
            if (!again) {
                sendAll();
            }
        });
    }

    private void tryAgain() {
        again = false;
        sendAll();
    }

    private void sendAll() {
        for (Waiting next = first(); next != null; next = first()) {
            try {
                registry.send(next.unit(), next.failed(), next.report());
            } catch (RegistryRefusal.Unavailable | RegistryRefusal.Unauthorized e) {
                log.debug("the incident of {} is not told yet: {}", next.unit(), e.getMessage());
                if (!again) {
                    again = true;
                    executor.schedule(this::tryAgain, AGAIN.toMillis(), TimeUnit.MILLISECONDS);
                }
                return;
            } catch (RuntimeException e) {
                log.debug("the incident of {} is not taken: {}", next.unit(), e.getMessage());
            }
            done(next);
        }
    }

    private @Nullable Waiting first() {
        synchronized (waiting) {
            return waiting.values().stream().findFirst().orElse(null);
        }
    }

    /** Unless more has become known meanwhile. */
    private void done(Waiting sent) {
        synchronized (waiting) {
            waiting.remove(sent.failed(), sent);
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
