package dev.lepton.platform.running;

import dev.lepton.client.desired.Desired;
import dev.lepton.client.node.NodeBeat.Observed;
import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.UnitState;
import dev.lepton.client.unit.UnitView;
import dev.lepton.client.watch.Change;
import dev.lepton.client.watch.Position;
import java.io.IOException;
import java.net.URI;
import java.util.List;

/** What the registry has written down, for a test to read. */
public final class Records {

    private final JsonHttp http;
    private final URI registry;

    Records(JsonHttp http, URI registry) {
        this.http = http;
        this.registry = registry;
    }

    private record Services(Position position) {}

    private record Events(List<Change> events) {}

    private record Incidents(List<Incident> incidents) {}

    private record Nodes(List<Node> nodes) {}

    private record Node(String name, String state, List<Observed> observed) {}

    /** Where the change log ends now. */
    public Position position() throws IOException {
        return read("/v1/services", Services.class).position();
    }

    /** What changed since then, the first thousand changes. */
    public List<Change> changesSince(Position position) throws IOException {
        return read("/v1/events?limit=1000&since=" + position, Events.class).events();
    }

    /** What changed of a unit, of the first thousand changes of all. */
    public List<Change> changesOf(String unit) throws IOException {
        return read("/v1/events?limit=1000", Events.class).events().stream()
                .filter(change -> change.unitId().value().equals(unit))
                .toList();
    }

    /** The failures of all units, the latest hundred, the latest first. */
    public List<Incident> incidents() throws IOException {
        return read("/v1/incidents", Incidents.class).incidents();
    }

    /** The failures of a unit, the latest first. */
    public List<Incident> incidentsOf(String unit) throws IOException {
        return read("/v1/incidents?unit=" + unit, Incidents.class).incidents();
    }

    public UnitView unit(String id) throws IOException {
        return read("/v1/units/" + id, UnitView.class);
    }

    /** Whether a unit is up, and is so on a node. */
    public boolean isUpOn(String unit, String node) throws IOException {
        return isUpOn(unit(unit), node);
    }

    static boolean isUpOn(UnitView unit, String node) {
        return unit.state() == UnitState.UP && new NodeName(node).equals(unit.node());
    }

    public Desired desired(String unit) throws IOException {
        return read("/v1/units/" + unit + "/desired", Desired.class);
    }

    public boolean isLive(String node) throws IOException {
        return read("/v1/nodes", Nodes.class).nodes().stream()
                .anyMatch(n -> n.name().equals(node) && n.state().equals("LIVE"));
    }

    public ServiceStatus service(String name) throws IOException {
        return read("/v1/services/" + name, ServiceStatus.class);
    }

    /** The generation of its desired row that a unit was brought to; 0 for none. */
    public long observedGeneration(String node, String unit) throws IOException {
        return read("/v1/nodes", Nodes.class).nodes().stream()
                .filter(n -> n.name().equals(node))
                .flatMap(n -> n.observed().stream())
                .filter(o -> o.unitId().value().equals(unit))
                .mapToLong(Observed::generation)
                .findFirst()
                .orElse(0);
    }

    private <T> T read(String path, Class<T> type) throws IOException {
        return http.get(registry.resolve(path), type);
    }
}
