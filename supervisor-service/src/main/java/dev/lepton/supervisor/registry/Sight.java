package dev.lepton.supervisor.registry;

import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.UnitView;
import dev.lepton.client.watch.WatchStatus;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the registry and of one exclusive unit before a process of it is started.
 *
 * @param answers whether a registry has stored a beat of the node lately
 * @param watch null before there is one
 * @param unit as the watch shows it, null when it shows none
 * @param taken whether its place was another start's when this node last asked for it
 */
record Sight(boolean answers, @Nullable WatchStatus watch, @Nullable UnitView unit, boolean taken) {

    /** Why the unit must not be started on this node now, null when it may. */
    @Nullable String obstacle(NodeName here) {
        if (!answers || watch == null || watch.connectedTo() == null || watch.fromDisk()) {
            return "no registry answers that could confirm it";
        }
        if (unit != null && unit.node() != null && !unit.node().equals(here) && live(unit)) {
            return "the registry shows it %s on node %s".formatted(unit.state(), unit.node());
        }
        return taken ? "the registry keeps its place for another process of it" : null;
    }

    /** Whether a process of it may be at work, or be started by whoever looks after it. */
    private static boolean live(UnitView unit) {
        return switch (unit.state()) {
            case STARTING, UP, SUSPECT, DRAINING, RECOVERING -> true;
            case DOWN, QUARANTINED, STOPPED -> false;
        };
    }
}
