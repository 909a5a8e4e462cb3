package dev.lepton.registry.desired;

import dev.lepton.client.desired.Desired;
import dev.lepton.client.desired.DesiredWish;
import dev.lepton.client.unit.UnitId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The {@link DesiredDecision} as the simulation uses it.
 *
 * @param row what is wanted from now on, null when the wish is stale
 * @param changed whether the row is to be stored
 */
public record SimulatedWish(@Nullable Desired row, boolean changed) {

    public static SimulatedWish decide(
            UnitId unit, DesiredWish wish, @Nullable Desired stored, Instant now) {
        return switch (DesiredDecision.decide(unit, wish, stored, now)) {
            case DesiredDecision.Store(var after) -> new SimulatedWish(after, true);
            case DesiredDecision.Unchanged(var same) -> new SimulatedWish(same, false);
            case DesiredDecision.Stale _ -> new SimulatedWish(null, false);
        };
    }
}
