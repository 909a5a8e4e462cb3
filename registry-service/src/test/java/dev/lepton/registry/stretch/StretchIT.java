package dev.lepton.registry.stretch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.heartbeat.HeartbeatAnswer;
import dev.lepton.client.registration.Registered;
import dev.lepton.client.rest.ProtocolJson;
import dev.lepton.registry.support.FreshDatabase;
import dev.lepton.registry.support.RestUnit;
import dev.lepton.registry.support.RunningRegistry;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.json.JsonMapper;

/** Three units beat as they are told, where the registry wants the beats of two. */
class StretchIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration ORDINARY = Duration.ofMillis(400);
    private static final JsonMapper JSON = ProtocolJson.lenient();

    @RegisterExtension static final FreshDatabase database = FreshDatabase.migrated();

    private final ScheduledExecutorService beating = Executors.newScheduledThreadPool(3);
    private final List<String> unsafe = new CopyOnWriteArrayList<>();

    @Test
    void intervalsGrowWithTheFleetAfterTheLeasesAndShrinkBeforeThemAndNobodyIsSuspected() {
        try (RunningRegistry registry =
                        RunningRegistry.start(
                                database,
                                "lepton.heartbeat.max-rate=5",
                                "lepton.lease.heartbeat-interval=400ms",
                                "lepton.lease.suspect-after=1700ms",
                                "lepton.lease.duration=3400ms",
                                "lepton.lease.exclusive-margin=100ms");
                beating) {
            Stretch stretch = registry.bean(Stretch.class);
            List<Beater> units =
                    List.of(
                            new Beater(registry, stretch, "worker-1"),
                            new Beater(registry, stretch, "worker-2"),
                            new Beater(registry, stretch, "worker-3"));
            units.forEach(Beater::start);

            await().atMost(PATIENCE)
                    .until(() ->
                            units.stream().allMatch(u -> u.told.equals(ORDINARY.multipliedBy(2))));
            assertThat(lease(RestUnit.startOf(registry, "worker-4"))).isEqualTo("PT6.8S");

            units.get(1).stop();
            units.get(2).stop();
            await().atMost(PATIENCE).until(() -> units.getFirst().told.equals(ORDINARY));
            assertThat(stretch.leaseFactor()).isEqualTo(2);

            assertThat(unsafe).isEmpty();
            assertThat(database.logged("worker-1")).doesNotContain("suspected", "lease-expired");
        }
    }

    private static String lease(RestUnit unit) {
        Registered registered = JSON.readValue(unit.register().body(), Registered.class);
        unit.deregister();
        return registered.lease().toString();
    }

    /** Beats at the interval that the last answer told, as a starter does. */
    private final class Beater {

        private final RestUnit unit;
        private final Stretch stretch;
        private volatile Duration told = ORDINARY;
        private volatile boolean stopped;

        Beater(RunningRegistry registry, Stretch stretch, String id) {
            this.unit = RestUnit.startOf(registry, id);
            this.stretch = stretch;
        }

        void start() {
            unit.up();
            again();
        }

        void stop() {
            stopped = true;
            assertThat(unit.deregister().statusCode()).isLessThan(300);
        }

        private void again() {
            if (!stopped && !beating.isShutdown()) {
                beating.schedule(this::beat, told.toMillis(), TimeUnit.MILLISECONDS);
            }
        }

        private void beat() {
            if (stopped) {
                return;
            }
            HttpResponse<String> answer = unit.beat();
            if (answer.statusCode() == 200) {
                told = JSON.readValue(answer.body(), HeartbeatAnswer.class).heartbeatInterval();
                if (told.compareTo(ORDINARY.multipliedBy(stretch.leaseFactor())) > 0) {
                    unsafe.add("%s with leases ×%d".formatted(told, stretch.leaseFactor()));
                }
            }
            again();
        }
    }
}
