package dev.lepton.registry.simulation.replica;

import dev.lepton.client.heartbeat.FenceTerms;
import dev.lepton.registry.exclusive.SimulatedExclusivity;
import dev.lepton.registry.settings.BrakeSettings;
import dev.lepton.registry.settings.FlapSettings;
import dev.lepton.registry.settings.LeaderSettings;
import dev.lepton.registry.settings.LeaseSettings;
import dev.lepton.registry.settings.LifecycleSettings;
import dev.lepton.registry.settings.SilenceSettings;
import dev.lepton.registry.simulation.kernel.Weakness;
import java.time.Duration;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/**
 * The settings of a registry for which nothing is set, but for what takes longer than a world
 * lasts.
 */
public record Terms(
        LeaseSettings lease,
        LeaderSettings leader,
        SilenceSettings silence,
        LifecycleSettings lifecycle,
        FlapSettings flap,
        BrakeSettings brake) {

    public static final Terms ORDINARY =
            new Terms(
                    bound("lepton.lease", LeaseSettings.class),
                    bound("lepton.leader", LeaderSettings.class),
                    bound("lepton.silence", SilenceSettings.class),
                    bound("lepton.lifecycle", LifecycleSettings.class),
                    new FlapSettings(
                            2,
                            Duration.ofMinutes(10),
                            Duration.ofSeconds(4),
                            Duration.ofSeconds(8),
                            Duration.ofSeconds(15)),
                    new BrakeSettings(Duration.ofSeconds(10)));

    /** A look is never late where that is the weakness. */
    LeaseSettings leaseOf(Weakness weakness) {
        return weakness == Weakness.NO_FRESH_LEASES_AFTER_A_LATE_LOOK
                ? new LeaseSettings(
                        lease.heartbeatInterval(),
                        lease.heartbeatTimeout(),
                        lease.flushInterval(),
                        lease.sweepInterval(),
                        lease.suspectAfter(),
                        lease.duration(),
                        lease.storedWithin(),
                        Duration.ofHours(1),
                        lease.exclusiveMargin())
                : lease;
    }

    /** There is no window where that is the weakness. */
    SilenceSettings silenceOf(Weakness weakness) {
        return weakness == Weakness.NO_CAP_ON_SILENCE
                ? new SilenceSettings(Duration.ofNanos(1), silence.hold(), silence.raiseAfter())
                : silence;
    }

    /** By when the process of an exclusive unit ends that nobody confirms. */
    public FenceTerms fence() {
        return SimulatedExclusivity.fence(lease);
    }

    /** When another process may take its place. */
    Duration replaceAfter() {
        return SimulatedExclusivity.replaceAfter(lease);
    }

    private static <T> T bound(String prefix, Class<T> type) {
        return new Binder(new MapConfigurationPropertySource())
                .bindOrCreate(prefix, Bindable.of(type));
    }
}
