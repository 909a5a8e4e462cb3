package dev.lepton.registry.simulation.promise;

import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.simulation.happening.Happening;
import dev.lepton.registry.simulation.happening.Happening.RegistrationAcknowledged;
import dev.lepton.registry.simulation.node.Node;
import dev.lepton.registry.simulation.node.UnitProcess;
import java.util.List;

/**
 * P10: of an exclusive unit no two processes are at work at a time, wherever they are. One that is
 * frozen does no work, and ends itself when it runs again.
 */
public final class ExclusiveUnitsWorkAlone implements Promise {

    private final List<Node> nodes;
    private final UnitId exclusive;

    public ExclusiveUnitsWorkAlone(List<Node> nodes, UnitId exclusive) {
        this.nodes = nodes;
        this.exclusive = exclusive;
    }

    @Override
    public void see(Happening happening, long now) {
        if (happening instanceof RegistrationAcknowledged(var unit, var _, var _)
                && unit.equals(exclusive)) {
            look(now);
        }
    }

    @Override
    public void look(long now) {
        List<String> atWork =
                nodes.stream()
                        .flatMap(node ->
                                node.processes().stream()
                                        .filter(process -> process.unit().equals(exclusive))
                                        .filter(UnitProcess::atWork)
                                        .map(process -> process.start() + " on " + node.place()))
                        .toList();
        if (atWork.size() > 1) {
            throw new BrokenPromise(
                    "P10 an exclusive unit has one process at work",
                    "%s has %s".formatted(exclusive, atWork));
        }
    }
}
