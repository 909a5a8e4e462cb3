package dev.lepton.client.unit;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A unit as the registry shows it.
 *
 * @param incarnation grows by one with each start of the unit; assigned by the registry alone
 * @param node the host whose supervisor runs the unit, null without a supervisor
 * @param version the version of the program, null when it did not say
 * @param weight relative share of requests, 1 to 1000; 100 is ordinary
 * @param zone the failure zone, null when none was given
 * @param pid the process id on its node, null when unknown
 * @param since when the unit entered its state
 * @param reason why it is in its state
 */
public record UnitView(
        UnitId unitId,
        ServiceName service,
        StartId startId,
        long incarnation,
        UnitState state,
        UnitAddress address,
        @Nullable NodeName node,
        Beater beater,
        @Nullable String version,
        int weight,
        @Nullable String zone,
        @Nullable Long pid,
        Map<String, String> labels,
        Instant since,
        String reason) {

    public UnitView {
        Objects.requireNonNull(unitId, "'unitId' is missing");
        Objects.requireNonNull(service, "'service' is missing");
        Objects.requireNonNull(startId, "'startId' is missing");
        Objects.requireNonNull(state, "'state' is missing");
        Objects.requireNonNull(address, "'address' is missing");
        Objects.requireNonNull(beater, "'beater' is missing");
        Objects.requireNonNull(since, "'since' is missing");
        Objects.requireNonNull(reason, "'reason' is missing");
        labels = Map.copyOf(labels);
    }
}
