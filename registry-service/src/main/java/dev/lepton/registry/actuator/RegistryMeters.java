package dev.lepton.registry.actuator;

import dev.lepton.client.unit.UnitState;
import dev.lepton.registry.changelog.ChangeWriter;
import dev.lepton.registry.changelog.LeaderGuard;
import dev.lepton.registry.fleet.FleetView;
import dev.lepton.registry.heartbeat.MarkFlusher;
import dev.lepton.registry.leader.Leadership;
import dev.lepton.registry.lease.LeaseFigures;
import dev.lepton.registry.time.PeriodicLoop;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What the endpoint {@code lepton} shows, for scrapes. */
final class RegistryMeters implements MeterBinder {

    private final FleetView fleet;
    private final Leadership leadership;
    private final MarkFlusher flusher;
    private final ChangeWriter writer;
    private final LeaseFigures leases;
    private final List<PeriodicLoop> loops;

    RegistryMeters(
            FleetView fleet,
            Leadership leadership,
            MarkFlusher flusher,
            ChangeWriter writer,
            LeaseFigures leases,
            List<PeriodicLoop> loops) {
        this.fleet = fleet;
        this.leadership = leadership;
        this.flusher = flusher;
        this.writer = writer;
        this.leases = leases;
        this.loops = loops;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        fleet(registry);
        duties(registry);
        buffers(registry);
    }

    private void fleet(MeterRegistry registry) {
        for (UnitState state : UnitState.values()) {
            Gauge.builder("lepton.units", fleet, f -> count(f, state))
                    .tag("state", state.name())
                    .description("Units that are not forgotten")
                    .register(registry);
        }
        Gauge.builder("lepton.revision", fleet, f -> f.position().revision())
                .description("Revision of the change log up to which this replica has read")
                .register(registry);
        TimeGauge.builder("lepton.lag", fleet, TimeUnit.MILLISECONDS, f -> f.age().toMillis())
                .description("Time since this replica has last read the change log")
                .register(registry);
    }

    private static double count(FleetView fleet, UnitState state) {
        return fleet.units().stream().filter(u -> u.phase().state() == state).count();
    }

    private void duties(MeterRegistry registry) {
        Gauge.builder("lepton.leader", leadership, l -> l.guard() == null ? 0 : 1)
                .description("1 where this replica does the leader's duties, else 0")
                .register(registry);
        Gauge.builder("lepton.epoch", leadership, RegistryMeters::epoch)
                .description("Epoch under which this replica leads, 0 where it does not")
                .register(registry);
        Gauge.builder("lepton.leases", leases, LeaseFigures::watched)
                .description("Units whose leases this replica follows")
                .register(registry);
        for (PeriodicLoop loop : loops) {
            FunctionCounter.builder("lepton.loop.late", loop, PeriodicLoop::lateRuns)
                    .tag("loop", loop.name())
                    .description("Runs that began more than half a second after they were due")
                    .register(registry);
        }
    }

    private static double epoch(Leadership leadership) {
        LeaderGuard guard = leadership.guard();
        return guard == null ? 0 : guard.epoch();
    }

    private void buffers(MeterRegistry registry) {
        Gauge.builder("lepton.beats.unflushed", flusher, MarkFlusher::unflushed)
                .description("Units whose last beat is not yet in PostgreSQL")
                .register(registry);
        TimeGauge.builder("lepton.flush.age", flusher, TimeUnit.MILLISECONDS, RegistryMeters::age)
                .description("Time since beats last reached PostgreSQL through this replica")
                .register(registry);
        Gauge.builder("lepton.writes.waiting", writer, ChangeWriter::waiting)
                .description("Changes that wait for the writer of the change log")
                .register(registry);
    }

    private static double age(MarkFlusher flusher) {
        Duration age = flusher.age();
        return age == null ? Double.NaN : age.toMillis();
    }
}
