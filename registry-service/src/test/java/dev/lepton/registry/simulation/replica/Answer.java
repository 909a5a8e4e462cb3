package dev.lepton.registry.simulation.replica;

import dev.lepton.client.desired.Desired;
import dev.lepton.client.policy.StoredPolicy;
import dev.lepton.registry.lifecycle.Phase;
import java.time.Duration;
import java.util.List;

/** What a replica answers to a request. */
public sealed interface Answer {

    /** 503: ask again, or another replica. */
    record Unavailable() implements Answer {}

    /** 404 of the protocol. */
    record NotRegistered() implements Answer {}

    /** 409: the start is over for ever. */
    record Superseded() implements Answer {}

    /** 409: another start holds the unit. */
    record InUse(Duration left) implements Answer {}

    /**
     * @param repeated whether an earlier call has registered the start
     */
    record Registered(long incarnation, boolean repeated) implements Answer {}

    record Beaten(boolean stored) implements Answer {}

    /** 204. */
    record Done() implements Answer {}

    record Wished(Desired row) implements Answer {}

    /** 409: the wish rests on an older row. */
    record Stale() implements Answer {}

    /** 409: the unit is in a phase that does not allow it. */
    record NotAllowed(Phase phase) implements Answer {}

    /** Whether a live process may be ended. */
    record Permitted(boolean granted) implements Answer {}

    record PolicyHolds(StoredPolicy policy) implements Answer {}

    /** What the watch says at a revision. */
    record Watched(long revision, List<Desired> desired) implements Answer {}
}
