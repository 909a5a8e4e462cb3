package dev.lepton.registry.node;

import dev.lepton.client.desired.Desired;
import dev.lepton.client.desired.DesiredRun;
import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.changelog.ChangeWriter;
import dev.lepton.registry.changelog.LeaderGuard;
import dev.lepton.registry.changelog.ProposedChange;
import dev.lepton.registry.changelog.WriteOutcome;
import dev.lepton.registry.fleet.FleetView;
import dev.lepton.registry.leader.Leadership;
import dev.lepton.registry.move.AwaitedWrite;
import dev.lepton.registry.node.Evacuation.Placement;
import dev.lepton.registry.settings.NodeSettings;
import dev.lepton.registry.unit.UnitRow;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Moves the units of lost nodes, by their desired rows: decide, then store under the guard. */
final class NodeMover {

    private static final Logger log = LoggerFactory.getLogger(NodeMover.class);

    private final FleetView fleet;
    private final PastMoves past;
    private final ChangeWriter writer;
    private final Leadership leadership;
    private final NodeSettings settings;
    private final InstantSource time;
    private final UnitSilence silence;

    /** Why a unit was last said not to be moved; said again only when that is another reason. */
    private final Map<UnitId, String> stays = new HashMap<>();

    NodeMover(
            FleetView fleet,
            PastMoves past,
            ChangeWriter writer,
            Leadership leadership,
            NodeSettings settings,
            InstantSource time,
            UnitSilence silence) {
        this.fleet = fleet;
        this.past = past;
        this.writer = writer;
        this.leadership = leadership;
        this.settings = settings;
        this.time = time;
        this.silence = silence;
    }

    /**
     * @param silences for how many nanoseconds each node that matters and is not live was silent
     */
    void move(Map<NodeName, Long> silences, List<KnownNode> live, LeaderGuard guard) {
        Set<NodeName> lost =
                LostNodes.of(
                        silences,
                        live.size(),
                        settings.lostAfter().toNanos(),
                        settings.massLostAfter().toNanos());
        if (lost.isEmpty()) {
            return;
        }
        FleetView.Picture picture = fleet.picture();
        // What is written rests on the rows by which it was decided: a newer one refuses it.
        Map<UnitId, Desired> desired =
                picture.desired().stream()
                        .collect(Collectors.toMap(Desired::unitId, Function.identity()));
        Evacuation.plan(
                        lost,
                        live,
                        picture.units(),
                        picture.desired(),
                        past.within(settings.moveAgainAfter()),
                        silence::over,
                        time.instant())
                .forEach(placement -> carryOut(placement, desired, guard));
    }

    private void carryOut(Placement placement, Map<UnitId, Desired> desired, LeaderGuard guard) {
        switch (placement) {
            case Placement.Move(UnitRow unit, NodeName from, NodeName to) -> {
                stays.remove(unit.id());
                store(
                        unit,
                        desired.get(unit.id()),
                        to,
                        PastMoves.WORD + "%s, which is lost, to %s".formatted(from, to),
                        guard);
            }
            case Placement.Stay(UnitRow unit, NodeName from, String why) -> {
                if (!why.equals(stays.put(unit.id(), why))) {
                    log.warn(
                            "Unit {} is not moved from {}, which is lost: {}",
                            unit.id(),
                            from,
                            why);
                }
            }
        }
    }

    private void store(
            UnitRow unit,
            @Nullable Desired stored,
            NodeName node,
            String reason,
            LeaderGuard guard) {
        Desired after = after(unit, stored, node, reason);
        switch (AwaitedWrite.of(writer.write(new ProposedChange.OfDesired(after, reason, guard)))) {
            case WriteOutcome.Written(long revision) ->
                    log.info("Unit {} is {}, revision {}", unit.id(), reason, revision);
            case WriteOutcome.Deposed _ -> leadership.lost();
            case WriteOutcome.OutOfDate _ ->
                    log.debug("The desired row of unit {} has changed meanwhile", unit.id());
        }
    }

    private Desired after(UnitRow unit, @Nullable Desired stored, NodeName node, String reason) {
        return stored == null
                ? new Desired(
                        unit.id(),
                        unit.service(),
                        node,
                        DesiredRun.RUN,
                        Map.of(),
                        0,
                        1,
                        reason,
                        time.instant())
                : new Desired(
                        stored.unitId(),
                        stored.service(),
                        node,
                        stored.run(),
                        stored.spec(),
                        stored.restartGeneration(),
                        stored.generation() + 1,
                        reason,
                        time.instant());
    }
}
