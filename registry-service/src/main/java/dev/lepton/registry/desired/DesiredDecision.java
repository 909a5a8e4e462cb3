package dev.lepton.registry.desired;

import dev.lepton.client.desired.Desired;
import dev.lepton.client.desired.DesiredWish;
import dev.lepton.client.unit.UnitId;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What becomes of a wish, given the row that is stored. */
sealed interface DesiredDecision {

    /** The row to store; its generation is one higher than the stored one. */
    record Store(Desired after) implements DesiredDecision {}

    /** The wish is what is wanted already. */
    record Unchanged(Desired stored) implements DesiredDecision {}

    /** The wish rests on an older row than the stored one. */
    record Stale(String why) implements DesiredDecision {}

    static DesiredDecision decide(
            UnitId unit, DesiredWish wish, @Nullable Desired stored, Instant now) {
        long generation = stored == null ? 0 : stored.generation();
        long restarts = stored == null ? 0 : stored.restartGeneration();
        if (wish.expectedGeneration() != null && wish.expectedGeneration() != generation) {
            return new Stale(
                    "'expectedGeneration' %d of unit '%s' is not the stored generation %d"
                            .formatted(wish.expectedGeneration(), unit, generation));
        }
        if (wish.restartGeneration() != null && wish.restartGeneration() < restarts) {
            return new Stale(
                    "'restartGeneration' %d of unit '%s' is lower than the stored %d"
                            .formatted(wish.restartGeneration(), unit, restarts));
        }
        Desired after =
                new Desired(
                        unit,
                        wish.service(),
                        wish.node(),
                        wish.run(),
                        wish.spec(),
                        Objects.requireNonNullElse(wish.restartGeneration(), restarts),
                        generation + 1,
                        wish.reason(),
                        now);
        return stored != null && sameWish(stored, after) ? new Unchanged(stored) : new Store(after);
    }

    private static boolean sameWish(Desired stored, Desired after) {
        return after.equals(
                new Desired(
                        stored.unitId(),
                        stored.service(),
                        stored.node(),
                        stored.run(),
                        stored.spec(),
                        stored.restartGeneration(),
                        after.generation(),
                        stored.reason(),
                        after.updatedAt()));
    }
}
