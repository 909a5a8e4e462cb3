package dev.lepton.registry.lease;

import dev.lepton.client.evidence.EvidenceKind;
import dev.lepton.client.unit.NodeName;
import dev.lepton.registry.evidence.Failures;
import dev.lepton.registry.evidence.Observation;
import dev.lepton.registry.unit.UnitRow;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What others say of a silent unit now, and whether that is enough to take it for down. */
final class Witnesses {

    private final Failures failures = new Failures();
    private Predicate<NodeName> supervised = _ -> true;

    void refresh() {
        failures.refresh();
    }

    /**
     * Takes in what was told, as it is at one look.
     *
     * @param supervised the nodes whose supervisor lives
     */
    void heard(long now, Collection<Observation> all, Predicate<NodeName> supervised) {
        this.supervised = supervised;
        failures.look(now, all);
    }

    /** The failed probe of a supervisor; null when there is none. */
    @Nullable Observation supervisor(UnitRow unit, long now) {
        return failures.of(unit, now).stream()
                .filter(o -> o.kind() == EvidenceKind.PROBE_FAILED)
                .findFirst()
                .orElse(null);
    }

    /**
     * The observers that do not reach the unit, when they are two, or all there are: the registry
     * itself is one, the unit's supervisor another. Null when they are fewer.
     */
    @Nullable String agreed(UnitRow unit, long now) {
        List<String> observers =
                failures.of(unit, now).stream()
                        .filter(Observation::counts)
                        .map(Observation::observer)
                        .sorted()
                        .toList();
        int needed = unit.node() != null && supervised.test(unit.node()) ? 2 : 1;
        return observers.size() < needed
                ? null
                : observers.stream().collect(Collectors.joining(" and "));
    }
}
