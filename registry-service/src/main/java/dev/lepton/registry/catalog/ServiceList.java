package dev.lepton.registry.catalog;

import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.UnitState;
import dev.lepton.client.watch.Position;
import java.util.List;
import java.util.Map;

/** All services that have a unit, by name. */
record ServiceList(List<ServiceSummary> services, Position position, long ageMillis) {

    /**
     * @param byState how many units are in each state that one is in
     */
    record ServiceSummary(ServiceName service, int units, Map<UnitState, Integer> byState) {}
}
