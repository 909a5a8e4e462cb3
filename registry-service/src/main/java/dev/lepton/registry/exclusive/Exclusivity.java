package dev.lepton.registry.exclusive;

import dev.lepton.client.heartbeat.FenceTerms;
import dev.lepton.client.policy.StoredPolicy;
import dev.lepton.registry.policy.Policies;
import dev.lepton.registry.settings.LeaseSettings;
import dev.lepton.registry.stretch.Stretch;
import dev.lepton.registry.unit.UnitRow;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Which units are exclusive now, and when their processes end themselves and may be replaced. */
public final class Exclusivity {

    private final Policies policies;
    private final FenceTerms fence;
    private final Duration replaceAfter;
    private final Stretch stretch;

    Exclusivity(Policies policies, LeaseSettings settings, Stretch stretch) {
        this.policies = policies;
        this.fence = fence(settings);
        this.replaceAfter = replaceAfter(settings);
        this.stretch = stretch;
    }

    static FenceTerms fence(LeaseSettings settings) {
        return new FenceTerms(
                settings.duration().minus(settings.exclusiveMargin()), settings.duration());
    }

    static Duration replaceAfter(LeaseSettings settings) {
        return settings.duration().plus(settings.exclusiveMargin());
    }

    public boolean of(UnitRow unit) {
        StoredPolicy policy = policies.current(unit.service());
        return ExclusiveUnits.contain(unit, policy == null ? null : policy.policy());
    }

    /** Null for a unit that is not exclusive. */
    public @Nullable FenceTerms fence(UnitRow unit) {
        return of(unit) ? stretched(fence, stretch.intervalFactor()) : null;
    }

    /** How long after the last sign of life of an exclusive unit another process may start. */
    public Duration replaceAfter() {
        return replaceAfter.multipliedBy(stretch.leaseFactor());
    }

    private static FenceTerms stretched(FenceTerms fence, int factor) {
        return new FenceTerms(
                fence.stopAfter().multipliedBy(factor), fence.goneAfter().multipliedBy(factor));
    }
}
