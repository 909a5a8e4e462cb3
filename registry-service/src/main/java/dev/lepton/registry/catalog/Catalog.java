package dev.lepton.registry.catalog;

import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.client.unit.UnitView;
import dev.lepton.registry.catalog.ServiceList.ServiceSummary;
import dev.lepton.registry.fleet.FleetView;
import dev.lepton.registry.move.CurrentUnits;
import dev.lepton.registry.unit.UnitNotRegistered;
import dev.lepton.registry.unit.UnitRow;
import dev.lepton.registry.unit.Units;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Answers queries from memory; PostgreSQL is asked only before a unit or a service is said not to
 * be.
 */
final class Catalog {

    private static final int LARGEST_PAGE = 1000;

    private final FleetView fleet;
    private final CurrentUnits current;
    private final Units units;

    Catalog(FleetView fleet, CurrentUnits current, Units units) {
        this.fleet = fleet;
        this.current = current;
        this.units = units;
    }

    UnitPage units(UnitFilter filter, int page, int size) {
        if (page < 0) {
            throw new QueryInvalid("'page' %d must not be negative".formatted(page));
        }
        if (size < 1 || size > LARGEST_PAGE) {
            throw new QueryInvalid("'size' %d must be from 1 to %d".formatted(size, LARGEST_PAGE));
        }
        FleetView.Picture picture = fleet.picture();
        List<UnitRow> found =
                picture.units().stream()
                        .filter(filter)
                        .sorted(Comparator.comparing(UnitRow::id))
                        .toList();
        List<UnitView> shown =
                found.stream().skip((long) page * size).limit(size).map(UnitRow::view).toList();
        return new UnitPage(shown, page, size, found.size(), picture.position(), ageMillis());
    }

    UnitView unit(UnitId id) {
        UnitRow known = current.find(id);
        if (known == null) {
            known = units.find(id);
        }
        if (known == null || known.forgotten()) {
            throw new UnitNotRegistered(id);
        }
        return known.view();
    }

    ServiceList services() {
        FleetView.Picture picture = fleet.picture();
        Map<ServiceName, Map<UnitState, Integer>> counts = new TreeMap<>();
        for (UnitRow unit : picture.units()) {
            counts.computeIfAbsent(unit.service(), _ -> new EnumMap<>(UnitState.class))
                    .merge(unit.phase().state(), 1, Integer::sum);
        }
        List<ServiceSummary> services =
                counts.entrySet().stream().map(e -> summary(e.getKey(), e.getValue())).toList();
        return new ServiceList(services, picture.position(), ageMillis());
    }

    ServiceView service(ServiceName service) {
        FleetView.Picture picture = fleet.picture();
        List<UnitRow> members =
                picture.units().stream().filter(unit -> unit.service().equals(service)).toList();
        if (members.isEmpty()) {
            members = units.ofService(service);
        }
        if (members.isEmpty()) {
            throw new UnknownService(service);
        }
        List<UnitRow> ordered = members.stream().sorted(Comparator.comparing(UnitRow::id)).toList();
        return ServiceView.of(service, ordered, picture.position(), ageMillis());
    }

    private static ServiceSummary summary(ServiceName service, Map<UnitState, Integer> byState) {
        int total = byState.values().stream().mapToInt(Integer::intValue).sum();
        return new ServiceSummary(service, total, byState);
    }

    private long ageMillis() {
        return fleet.age().toMillis();
    }
}
