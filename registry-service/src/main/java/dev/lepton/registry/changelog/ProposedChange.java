package dev.lepton.registry.changelog;

import dev.lepton.client.desired.Desired;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.unit.UnitRow;
import org.jspecify.annotations.Nullable;

/**
 * A change that somebody has decided on and that the {@link ChangeWriter} is to store, or to refuse
 * as out of date.
 */
public sealed interface ProposedChange {

    /** The epoch under which a duty of the leader writes; null when the change needs no leader. */
    @Nullable LeaderGuard guard();

    /**
     * A unit's move.
     *
     * @param from the phase before, null for the first registration of a unit
     * @param after the row to store; it is stored only where the stored version is one less, or
     *     where there is no row and the version is 1
     * @param event what happened, in the words of the lifecycle: {@code registered}, {@code
     *     lease-expired}, …
     */
    record OfUnit(
            @Nullable Phase from,
            UnitRow after,
            String event,
            String reason,
            @Nullable LeaderGuard guard)
            implements ProposedChange {}

    /**
     * A change of a desired row.
     *
     * @param after stored only where the stored generation is one less, or where there is no row
     *     and it is 1
     */
    record OfDesired(Desired after, String reason, @Nullable LeaderGuard guard)
            implements ProposedChange {}
}
