package dev.lepton.supervisor.recovery;

import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.UnitId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Limits how many units of a service are down on this node by the supervisor's own doing, when no
 * registry answers that could count those of all nodes. Safe for many threads.
 */
public final class NodeBrake {

    private final Map<ServiceName, Set<UnitId>> open = new HashMap<>();

    /**
     * Whether the live process of this unit may be ended now; then it counts until it is released.
     *
     * @param units how many units of the service the node has
     * @param maxUnavailable null for half of them, at least one
     */
    public synchronized boolean permits(
            ServiceName service, UnitId unit, int units, @Nullable Integer maxUnavailable) {
        int limit = maxUnavailable == null ? Math.max(1, units / 2) : maxUnavailable;
        Set<UnitId> down = open.computeIfAbsent(service, _ -> new HashSet<>());
        if (down.contains(unit)) {
            return true;
        }
        return down.size() < limit && down.add(unit);
    }

    /** The registry has permitted it: it counts as well, in case none answers for the next one. */
    public synchronized void permittedElsewhere(ServiceName service, UnitId unit) {
        open.computeIfAbsent(service, _ -> new HashSet<>()).add(unit);
    }

    /** The unit serves again, or is given up. */
    public synchronized void released(ServiceName service, UnitId unit) {
        Set<UnitId> down = open.get(service);
        if (down != null) {
            down.remove(unit);
        }
    }
}
