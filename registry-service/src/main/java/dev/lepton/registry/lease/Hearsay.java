package dev.lepton.registry.lease;

import dev.lepton.client.evidence.EvidenceKind;
import dev.lepton.client.unit.NodeName;
import dev.lepton.registry.evidence.Observation;
import dev.lepton.registry.evidence.Observations;
import dev.lepton.registry.evidence.ProbeRequests;
import dev.lepton.registry.fleet.FleetView;
import dev.lepton.registry.unit.UnitRow;
import java.util.ArrayList;
import java.util.List;
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

    /** Asks the supervisors to probe whatever somebody else has not reached since the last look. */
    void pass(List<Observation> news) {
        for (Observation observation : news) {
            UnitRow unit = fleet.unit(observation.unit());
            if (observation.kind() == EvidenceKind.UNREACHABLE
                    && unit != null
                    && unit.node() != null
                    && unit.startId().equals(observation.start())) {
                requests.ask(unit.node(), unit.id());
            }
        }
    }
}
