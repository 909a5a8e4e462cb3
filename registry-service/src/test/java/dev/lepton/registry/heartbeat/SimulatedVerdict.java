package dev.lepton.registry.heartbeat;

import dev.lepton.client.unit.StartId;
import dev.lepton.registry.unit.Holding;
import dev.lepton.registry.unit.UnitRow;
import org.jspecify.annotations.Nullable;

/**
 * The {@link Verdict} as the simulation uses it.
 *
 * @param row what the start holds, null when it holds nothing
 * @param over whether the start is over for ever
 */
public record SimulatedVerdict(@Nullable UnitRow row, boolean over) {

    /** Null when only PostgreSQL may say it. */
    public static @Nullable SimulatedVerdict fromMemory(@Nullable UnitRow row, StartId start) {
        Verdict verdict = Verdict.fromMemory(row, start);
        return verdict == null ? null : of(verdict);
    }

    public static SimulatedVerdict fromPostgres(Holding held, StartId start) {
        return of(Verdict.fromPostgres(held, start));
    }

    private static SimulatedVerdict of(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Accepted(var row) -> new SimulatedVerdict(row, false);
            case Verdict.Superseded _ -> new SimulatedVerdict(null, true);
            case Verdict.NotRegistered _, Verdict.Unknown _ -> new SimulatedVerdict(null, false);
        };
    }
}
