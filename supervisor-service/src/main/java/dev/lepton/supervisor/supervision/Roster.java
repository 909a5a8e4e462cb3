package dev.lepton.supervisor.supervision;

import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.UnitId;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The units of this node, in the order of the declaration, then of their assignment. Safe for many
 * threads; none ever leaves it.
 */
final class Roster {

    private volatile Map<UnitId, SupervisedUnit> units = Map.of();

    /** Makes the unit, unless there is one of this id already. */
    synchronized SupervisedUnit join(UnitId id, Function<UnitId, SupervisedUnit> maker) {
        SupervisedUnit known = units.get(id);
        if (known != null) {
            return known;
        }
        Map<UnitId, SupervisedUnit> more = new LinkedHashMap<>(units);
        SupervisedUnit made = maker.apply(id);
        more.put(id, made);
        units = more;
        return made;
    }

    @Nullable SupervisedUnit find(UnitId id) {
        return units.get(id);
    }

    Collection<SupervisedUnit> all() {
        return units.values();
    }

    List<SupervisedUnit> of(ServiceName service) {
        return units.values().stream()
                .filter(unit -> unit.plan().service().name().equals(service))
                .toList();
    }
}
