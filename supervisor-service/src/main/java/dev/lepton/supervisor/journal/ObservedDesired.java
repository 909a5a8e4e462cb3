package dev.lepton.supervisor.journal;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a unit has followed its desired row.
 *
 * @param clusterId of the change log that the row stands in
 * @param generation of the row that the unit was brought to
 * @param restartGeneration the unit was restarted for
 * @param writtenAt when the row was written, which tells it from one of the same generation in
 *     another cluster; null when it is to be followed again, or an older supervisor followed it
 */
public record ObservedDesired(
        String clusterId, long generation, long restartGeneration, @Nullable Instant writtenAt) {}
