package dev.lepton.registry.node;

import dev.lepton.client.node.NodeBeat;
import dev.lepton.client.node.NodeBeatAnswer;
import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.evidence.ProbeRequests;
import dev.lepton.registry.fleet.FleetView;
import dev.lepton.registry.node.NodeList.NodeView;
import dev.lepton.registry.node.NodeWatch.Sighting;
import dev.lepton.registry.settings.LeaseSettings;
import dev.lepton.registry.unit.UnitRow;
import java.time.InstantSource;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Takes the beats of nodes, from memory, and lists them. */
@RestController
class NodeController {

    private final NodeBeats beats;
    private final NodeFlusher flusher;
    private final NodeWatch watch;
    private final ProbeRequests requests;
    private final ObjectProvider<PolicyVersion> policies;
    private final FleetView fleet;
    private final LeaseSettings settings;
    private final InstantSource time;

    NodeController(
            NodeBeats beats,
            NodeFlusher flusher,
            NodeWatch watch,
            ProbeRequests requests,
            ObjectProvider<PolicyVersion> policies,
            FleetView fleet,
            LeaseSettings settings,
            InstantSource time) {
        this.beats = beats;
        this.flusher = flusher;
        this.watch = watch;
        this.requests = requests;
        this.policies = policies;
        this.fleet = fleet;
        this.settings = settings;
        this.time = time;
    }

    @PutMapping("/v1/nodes/{node}/heartbeat")
    NodeBeatAnswer beat(@PathVariable NodeName node, @RequestBody NodeBeat beat) {
        beats.take(node, beat);
        return new NodeBeatAnswer(
                flusher.stores(),
                settings.heartbeatInterval(),
                requests.take(node),
                policyVersion());
    }

    /** Zero where there are no policies. */
    private long policyVersion() {
        PolicyVersion policy = policies.getIfAvailable();
        return policy == null ? 0 : policy.known();
    }

    @GetMapping("/v1/nodes")
    NodeList nodes() {
        List<NodeView> nodes = watch.known().stream().map(this::view).toList();
        return new NodeList(nodes, fleet.age().toMillis());
    }

    private NodeView view(KnownNode node) {
        Sighting seen = watch.sighting(node.name());
        return new NodeView(
                node.name(),
                node.beat().supervisorId(),
                seen.state(),
                time.instant().minus(seen.silence()),
                node.beat().capacity(),
                node.beat().services(),
                unitsOf(node.name()),
                node.beat().observed());
    }

    private List<UnitId> unitsOf(NodeName node) {
        return fleet.units().stream()
                .filter(unit -> node.equals(Evacuation.place(unit, fleet.desired(unit.id()))))
                .map(UnitRow::id)
                .sorted()
                .toList();
    }
}
