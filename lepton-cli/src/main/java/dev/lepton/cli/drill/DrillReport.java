package dev.lepton.cli.drill;

import dev.lepton.cli.supervisor.DrillReply.RailState;
import dev.lepton.client.incident.DrillFault;
import dev.lepton.client.unit.ServiceName;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What has come of the drills of one command.
 *
 * @param go whether they were to be done
 * @param unit the last one that was, or would have been, struck
 * @param refusal why that was refused, null when it was not
 * @param rails how they stood when they were looked at last
 */
record DrillReport(
        ServiceName service,
        DrillFault fault,
        boolean go,
        String unit,
        @Nullable String refusal,
        List<RailState> rails,
        List<Round> rounds) {

    /**
     * One unit that was struck.
     *
     * @param took until it served again, or until it was no longer waited for
     * @param incident its number at the registry, null when none was seen
     * @param detect from when the unit was last well until the failure was seen; null, as the other
     *     three, when it is not known
     * @param probe null without one
     */
    record Round(
            String unit,
            String startId,
            boolean recovered,
            Duration took,
            @Nullable Long incident,
            @Nullable Duration detect,
            @Nullable Duration decide,
            @Nullable Duration start,
            @Nullable Duration serve,
            @Nullable ProbeResult probe) {

        Round with(ProbeResult result) {
            return new Round(
                    unit, startId, recovered, took, incident, detect, decide, start, serve, result);
        }

        boolean good() {
            return recovered && (probe == null || probe.failed() == 0);
        }
    }

    /**
     * What was asked of the gateway during a round.
     *
     * @param firstFailure what became of the first request that failed, null when none did
     */
    record ProbeResult(
            String path, int sent, int failed, Duration slowest, @Nullable String firstFailure) {}
}
