package dev.lepton.registry.simulation.happening;

import dev.lepton.client.desired.Desired;
import dev.lepton.client.policy.StoredPolicy;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.changelog.LeaderGuard;
import dev.lepton.registry.changelog.LoggedChange;
import dev.lepton.registry.lifecycle.Event;
import dev.lepton.registry.unit.UnitRow;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What can be seen of the world from outside, at the instant at which it happens. */
public sealed interface Happening {

    /**
     * PostgreSQL has committed a change.
     *
     * @param guard under which it was proposed
     * @param epoch of the leader that the row names at this instant
     */
    record Committed(LoggedChange change, @Nullable LeaderGuard guard, long epoch)
            implements Happening {}

    /** PostgreSQL has taken a newer mark of a unit. */
    record MarkStored(UnitId unit, StartId start, UUID replica) implements Happening {}

    /** PostgreSQL has taken a mark of a replica. */
    record ReplicaMarked(UUID replica) implements Happening {}

    /**
     * PostgreSQL has ended, and its last marks are lost.
     *
     * @param left through which replica the last mark of each start came that is not lost
     */
    record DatabaseCrashed(Map<StartId, UUID> left) implements Happening {}

    /**
     * A replica has looked at the marks.
     *
     * @param epoch under which it acts, null when it only watches
     * @param blind whether it knows that it cannot judge
     */
    record Looked(UUID replica, @Nullable Long epoch, long readAt, boolean blind)
            implements Happening {}

    /** A leader has decided about a unit after a look. */
    record Decided(UUID replica, long epoch, UnitRow row, Event event, long readAt)
            implements Happening {}

    /** A replica has taken a beat. */
    record BeatTaken(UnitId unit, StartId start) implements Happening {}

    /**
     * A replica is to answer a beat with 404 or 409.
     *
     * @param asked when the beat came
     */
    record BeatRefused(UnitId unit, StartId start, long asked) implements Happening {}

    /** A unit was told that it is registered. */
    record RegistrationAcknowledged(UnitId unit, StartId start, long incarnation)
            implements Happening {}

    /** A supervisor was told that its report of an end is taken. */
    record ExitAcknowledged(UnitId unit, StartId start) implements Happening {}

    /** An operator was told that a wish is stored. */
    record WishAcknowledged(Desired desired) implements Happening {}

    /**
     * A replica keeps a unit out that has beaten well.
     *
     * @param revision of the fleet as the replica knows it
     */
    record KeptOut(UnitId unit, long revision) implements Happening {}

    /** PostgreSQL has a new permit to end a live process. */
    record PermitGranted(UnitId unit, StartId start) implements Happening {}

    /** PostgreSQL has it no longer. */
    record PermitReleased(UnitId unit, StartId start) implements Happening {}

    /** A supervisor ends a live process by the registry's word. */
    record KilledByPermit(UnitId unit, StartId start) implements Happening {}

    /** PostgreSQL has a new version of the policy. */
    record PolicyStored(StoredPolicy policy) implements Happening {}

    /** An operator was told that a policy holds. */
    record PolicyAcknowledged(StoredPolicy policy) implements Happening {}

    /** A process begins. */
    record ProcessStarted(String node, UnitId unit, StartId start) implements Happening {}

    /** A process has ended. */
    record ProcessEnded(String node, UnitId unit, StartId start) implements Happening {}
}
