package dev.lepton.registry.catalog;

import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.client.unit.UnitView;
import dev.lepton.client.watch.Position;
import dev.lepton.registry.lease.Preserving;
import dev.lepton.registry.unit.UnitRow;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A service with all of its units.
 *
 * @param byState how many units are in each state that one is in
 * @param preserving null unless silent units are kept that the cap on silence holds back
 * @param position where in the change log the units were read
 * @param ageMillis how long ago this replica last read the change log
 */
record ServiceView(
        ServiceName service,
        Map<UnitState, Integer> byState,
        List<UnitView> units,
        @Nullable Hold preserving,
        Position position,
        long ageMillis) {

    /**
     * @param units of the service, at least one
     */
    static ServiceView of(
            ServiceName service, List<UnitRow> units, Position position, long ageMillis) {
        Map<UnitState, Integer> byState = new EnumMap<>(UnitState.class);
        units.forEach(unit -> byState.merge(unit.phase().state(), 1, Integer::sum));
        return new ServiceView(
                service,
                byState,
                units.stream().map(UnitRow::view).toList(),
                Hold.of(units),
                position,
                ageMillis);
    }

    /**
     * @param since when the first of the units was suspected
     * @param reason why that one is held
     * @param units those that are held
     */
    record Hold(Instant since, String reason, List<UnitId> units) {

        private static @Nullable Hold of(List<UnitRow> units) {
            List<UnitRow> held = units.stream().filter(Preserving::holds).toList();
            return held.stream()
                    .min(Comparator.comparing(UnitRow::since))
                    .map(first ->
                            new Hold(
                                    first.since(),
                                    first.reason(),
                                    held.stream().map(UnitRow::id).toList()))
                    .orElse(null);
        }
    }
}
