package dev.lepton.registry.simulation;

import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.settings.LeaseSettings;
import dev.lepton.registry.simulation.node.Node;
import dev.lepton.registry.simulation.node.UnitProcess;
import dev.lepton.registry.simulation.postgres.Tables;
import dev.lepton.registry.simulation.promise.AcknowledgedIsStored;
import dev.lepton.registry.simulation.promise.BeatingUnitsStay;
import dev.lepton.registry.simulation.promise.DeposedLeadersChangeNothing;
import dev.lepton.registry.simulation.promise.DrainsHold;
import dev.lepton.registry.simulation.promise.ExclusiveUnitsWorkAlone;
import dev.lepton.registry.simulation.promise.FlappingTakesNoService;
import dev.lepton.registry.simulation.promise.HoldersAreKnown;
import dev.lepton.registry.simulation.promise.LeasesStartAfresh;
import dev.lepton.registry.simulation.promise.LogHasNoGaps;
import dev.lepton.registry.simulation.promise.OneProcessPerNode;
import dev.lepton.registry.simulation.promise.OneStartHolds;
import dev.lepton.registry.simulation.promise.OnlyTheDeadHaveExited;
import dev.lepton.registry.simulation.promise.PermitsAreBounded;
import dev.lepton.registry.simulation.promise.PoliciesAreKept;
import dev.lepton.registry.simulation.promise.Promise;
import dev.lepton.registry.simulation.promise.ReportedExitsLeaveAtOnce;
import dev.lepton.registry.simulation.promise.SilenceBehindAReplica;
import dev.lepton.registry.simulation.promise.SilenceTakesHalf;
import dev.lepton.registry.simulation.promise.SilenceTerms;
import dev.lepton.registry.simulation.promise.SilentUnitsLeave;
import dev.lepton.registry.simulation.promise.UnitsAreRestarted;
import dev.lepton.registry.simulation.replica.Terms;
import java.time.Duration;
import java.util.List;

/** All promises that the simulation checks. */
final class Promises {

    private Promises() {}

    static List<Promise> all(Tables tables, List<Node> nodes, List<UnitId> units) {
        LeaseSettings terms = Terms.ORDINARY.lease();
        Duration lease = terms.duration();
        SilenceTerms silence = new SilenceTerms(terms.suspectAfter(), lease);
        Duration gone = terms.storedWithin();
        Duration latest = terms.sweepInterval().plus(terms.pauseLimit());
        return List.of(
                new AcknowledgedIsStored(),
                new LogHasNoGaps(),
                new BeatingUnitsStay(silence),
                new OnlyTheDeadHaveExited(),
                new ReportedExitsLeaveAtOnce(tables),
                new SilentUnitsLeave(tables, lease, gone, latest),
                new LeasesStartAfresh(silence, latest),
                new SilenceBehindAReplica(lease, gone, latest),
                new SilenceTakesHalf(tables, Terms.ORDINARY.silence().window(), latest),
                new DeposedLeadersChangeNothing(),
                new HoldersAreKnown(),
                new UnitsAreRestarted(nodes, units),
                new OneProcessPerNode(),
                new OneStartHolds(),
                new ExclusiveUnitsWorkAlone(nodes, UnitProcess.EXCLUSIVE),
                new DrainsHold(),
                new FlappingTakesNoService(tables),
                new PermitsAreBounded(tables, Terms.ORDINARY.brake().permitDuration()),
                new PoliciesAreKept());
    }
}
