package dev.lepton.registry.lease;

import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.registry.unit.UnitRow;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * How much silence alone may take of each service, and how much the failed probes of one supervisor
 * may take of its node without counting as silence. A supervisor that is starved or cut off fails
 * at all of its units at once: beyond half of them it is no second witness.
 */
final class SilenceCaps {

    private final Duration window;
    private final Map<ServiceName, SilenceCap> services = new HashMap<>();
    private final Map<NodeName, SilenceCap> nodes = new HashMap<>();

    SilenceCaps(Duration window) {
        this.window = window;
    }

    /**
     * @param live how many units of its service are live
     */
    boolean allowSilence(UnitRow unit, int live, long now) {
        return of(unit.service()).allows(unit.id(), live, now);
    }

    void tookBySilence(UnitRow unit, int live, long now) {
        of(unit.service()).took(unit.id(), live, now);
    }

    /**
     * The only unit of a node is taken by a failed probe, unless it is the last that is left.
     *
     * @param live how many units of its node are live
     */
    boolean allowProbe(UnitRow unit, int live, long now) {
        NodeName node = unit.node();
        if (node == null) {
            return false;
        }
        SilenceCap cap = of(node);
        return live == 1 && cap.idle(now) || cap.allows(unit.id(), live, now);
    }

    void tookByProbe(UnitRow unit, int live, long now) {
        if (unit.node() != null) {
            of(unit.node()).took(unit.id(), live, now);
        }
    }

    /** Takes back what was surely not stored. */
    void released(UnitRow unit) {
        of(unit.service()).released(unit.id());
        if (unit.node() != null) {
            of(unit.node()).released(unit.id());
        }
    }

    void tidy(long now) {
        services.values().removeIf(cap -> cap.idle(now));
        nodes.values().removeIf(cap -> cap.idle(now));
    }

    private SilenceCap of(ServiceName service) {
        return services.computeIfAbsent(service, _ -> new SilenceCap(window));
    }

    private SilenceCap of(NodeName node) {
        return nodes.computeIfAbsent(node, _ -> new SilenceCap(window));
    }
}
