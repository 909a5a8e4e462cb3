package dev.lepton.client.node;

import dev.lepton.client.unit.UnitId;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * The answer to a node's beat.
 *
 * @param stored as for a unit's beat
 * @param interval how often to beat from now on
 * @param probe units that somebody did not reach: they are to be probed now
 * @param policyVersion the sum of the versions of all policies; when it has changed, they are to be
 *     read again
 */
public record NodeBeatAnswer(
        boolean stored, Duration interval, List<UnitId> probe, long policyVersion) {

    public NodeBeatAnswer {
        Objects.requireNonNull(interval, "'interval' is missing");
        probe = List.copyOf(probe);
    }
}
