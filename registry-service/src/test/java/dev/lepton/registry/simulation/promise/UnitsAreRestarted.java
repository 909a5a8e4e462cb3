package dev.lepton.registry.simulation.promise;

import static dev.lepton.registry.simulation.kernel.Spans.SECOND;

import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.simulation.happening.Happening;
import dev.lepton.registry.simulation.kernel.Life;
import dev.lepton.registry.simulation.node.Node;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** P7: a supervisor restarts its units within their backoff, whatever becomes of the registry. */
public final class UnitsAreRestarted implements Promise {

    private record Place(String node, UnitId unit) {}

    private final List<Node> nodes;
    private final List<UnitId> units;
    private final Map<Place, Long> missingSince = new HashMap<>();

    public UnitsAreRestarted(List<Node> nodes, List<UnitId> units) {
        this.nodes = nodes;
        this.units = units;
    }

    @Override
    public void see(Happening happening, long now) {}

    @Override
    public void look(long now) {
        for (Node node : nodes) {
            units.forEach(unit -> look(node, unit, now));
        }
    }

    private void look(Node node, UnitId unit, long now) {
        Place place = new Place(node.place(), unit);
        if (!missing(node, unit)) {
            missingSince.remove(place);
            return;
        }
        long since = missingSince.computeIfAbsent(place, _ -> now);
        if (now - since > node.longestDelay(unit) + SECOND) {
            throw new BrokenPromise(
                    "P7 a supervisor restarts its units",
                    "%s does not run on %s for %.1f s"
                            .formatted(unit, node.place(), (now - since) / 1e9));
        }
    }

    private static boolean missing(Node node, UnitId unit) {
        Life supervisor = node.supervisorLife();
        return supervisor != null
                && !supervisor.paused()
                && node.wants(unit)
                && node.processes().stream().noneMatch(process -> process.unit().equals(unit));
    }
}
