package dev.lepton.registry.lease;

import dev.lepton.client.evidence.EvidenceKind;
import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.evidence.Observation;
import dev.lepton.registry.evidence.Observations;
import dev.lepton.registry.evidence.ProbeRequests;
import dev.lepton.registry.fleet.FleetView;
import dev.lepton.registry.unit.UnitRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What observers tell of units, to whichever replica. Each replica passes on what asks for a probe,
 * because a node's supervisor beats at any of them.
 */
final class Hearsay {

    private final Observations observations;
    private final HeldProbes own;
    private final ProbeRequests requests;
    private final FleetView fleet;
    private final Predicate<NodeName> supervised;

    /** What each observer had told of each unit at the last look. */
    private final Map<Source, Long> passed = new HashMap<>();

    private record Source(UnitId unit, String observer) {}

    /**
     * @param supervised the nodes whose supervisor lives
     */
    Hearsay(
            Observations observations,
            HeldProbes own,
            ProbeRequests requests,
            FleetView fleet,
            Predicate<NodeName> supervised) {
        this.observations = observations;
        this.own = own;
        this.requests = requests;
        this.fleet = fleet;
        this.supervised = supervised;
    }

    List<Observation> told() {
        List<Observation> told = new ArrayList<>(observations.all());
        told.addAll(own.failures());
        return told;
    }

    Predicate<NodeName> supervised() {
        return supervised;
    }

    /**
     * Asks the supervisors to probe whatever somebody else has not reached since the last look. A
     * probe does no harm, so that a look that came late passes on what it finds like any other.
     */
    void pass(List<Observation> told) {
        Map<Source, Long> before = Map.copyOf(passed);
        passed.clear();
        for (Observation observation : told) {
            Source source = new Source(observation.unit(), observation.observer());
            passed.put(source, observation.seq());
            UnitRow unit = fleet.unit(observation.unit());
            if (observation.kind() == EvidenceKind.UNREACHABLE
                    && !Long.valueOf(observation.seq()).equals(before.get(source))
                    && unit != null
                    && unit.node() != null
                    && unit.startId().equals(observation.start())) {
                requests.ask(unit.node(), unit.id());
            }
        }
    }
}
