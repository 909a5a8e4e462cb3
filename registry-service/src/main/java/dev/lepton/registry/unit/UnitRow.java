package dev.lepton.registry.unit;

import dev.lepton.client.unit.Beater;
import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitAddress;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitView;
import dev.lepton.registry.lifecycle.Phase;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A row of table {@code unit}. Rows are never deleted, so that incarnations keep growing; a
 * forgotten one is hidden.
 *
 * @param version grows by one with each change of the row, from 1; what compare-and-set compares
 * @param since when the unit entered its phase
 */
public record UnitRow(
        UnitId id,
        ServiceName service,
        StartId startId,
        long incarnation,
        Phase phase,
        UnitAddress address,
        @Nullable NodeName node,
        Beater beater,
        @Nullable String programVersion,
        int weight,
        @Nullable String zone,
        @Nullable Long pid,
        Map<String, String> labels,
        Instant registeredAt,
        Instant since,
        String reason,
        boolean forgotten,
        long version) {

    public UnitRow {
        labels = Map.copyOf(labels);
    }

    /** The same unit one version later, in another phase. */
    public UnitRow moved(Phase to, Instant at, String why) {
        return new UnitRow(
                id,
                service,
                startId,
                incarnation,
                to,
                address,
                node,
                beater,
                programVersion,
                weight,
                zone,
                pid,
                labels,
                registeredAt,
                at,
                why,
                false,
                version + 1);
    }

    /** The same unit one version later, out of every list. */
    public UnitRow forgotten(Instant at, String why) {
        return new UnitRow(
                id,
                service,
                startId,
                incarnation,
                phase,
                address,
                node,
                beater,
                programVersion,
                weight,
                zone,
                pid,
                labels,
                registeredAt,
                at,
                why,
                true,
                version + 1);
    }

    public UnitView view() {
        return new UnitView(
                id,
                service,
                startId,
                incarnation,
                phase.state(),
                address,
                node,
                beater,
                programVersion,
                weight,
                zone,
                pid,
                labels,
                since,
                reason);
    }
}
