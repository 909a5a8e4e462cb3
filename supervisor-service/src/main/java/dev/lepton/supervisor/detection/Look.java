package dev.lepton.supervisor.detection;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a unit at the moment when a probe of it was not answered.
 *
 * @param what why there was no answer, in words
 * @param completedRequests since its start, null when it did not say
 * @param selfCheckUnanswered whether the unit itself says that it hangs
 * @param cpuTime that its process has used, null when unknown
 */
public record Look(
        String what,
        @Nullable Long completedRequests,
        boolean selfCheckUnanswered,
        @Nullable Duration cpuTime) {}
