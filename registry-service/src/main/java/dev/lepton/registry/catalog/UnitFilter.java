package dev.lepton.registry.catalog;

import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.UnitState;
import dev.lepton.registry.unit.UnitRow;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Which units are asked for; null means any. */
record UnitFilter(
        @Nullable ServiceName service,
        @Nullable UnitState state,
        @Nullable NodeName node,
        Map<String, String> labels)
        implements Predicate<UnitRow> {

    /**
     * @param labels each as {@code key=value}
     */
    static UnitFilter of(
            @Nullable ServiceName service,
            @Nullable UnitState state,
            @Nullable NodeName node,
            List<String> labels) {
        Map<String, String> wanted = new HashMap<>();
        for (String label : labels) {
            int equals = label.indexOf('=');
            if (equals < 1) {
                throw new QueryInvalid("'label' %s must look like key=value".formatted(label));
            }
            wanted.put(label.substring(0, equals), label.substring(equals + 1));
        }
        return new UnitFilter(service, state, node, wanted);
    }

    @Override
    public boolean test(UnitRow unit) {
        return (service == null || service.equals(unit.service()))
                && (state == null || state == unit.phase().state())
                && (node == null || node.equals(unit.node()))
                && labels.entrySet().stream().allMatch(wanted -> bears(unit, wanted));
    }

    private static boolean bears(UnitRow unit, Entry<String, String> wanted) {
        return wanted.getValue().equals(unit.labels().get(wanted.getKey()));
    }
}
