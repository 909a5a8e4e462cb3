package dev.lepton.registry.node;

import dev.lepton.client.desired.Desired;
import dev.lepton.client.desired.DesiredRun;
import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.unit.UnitRow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides where the units of lost nodes go: each to the live node that knows its service, has room
 * and runs the fewest units. A unit that may still be alive is left where it is, and so is one that
 * was moved already: what fails on two nodes will fail on a third.
 */
final class Evacuation {

    private static final Duration LONGEST_START = Duration.ofMinutes(10);

    private final Map<NodeName, KnownNode> live = new HashMap<>();
    private final Map<NodeName, Integer> load = new HashMap<>();
    private final Map<UnitId, Desired> desired = new HashMap<>();

    private Evacuation(
            Collection<KnownNode> live,
            Collection<UnitRow> units,
            Collection<Desired> desired,
            Instant now) {
        live.forEach(node -> this.live.put(node.name(), node));
        desired.forEach(d -> this.desired.put(d.unitId(), d));
        Set<UnitId> known = units.stream().map(UnitRow::id).collect(Collectors.toSet());
        units.stream().filter(u -> u.phase() != Phase.STOPPED).forEach(u -> count(place(u)));
        // Rows stay for ever; one of a unit that nobody knows takes up room only until it would
        // have been started.
        desired.stream()
                .filter(d -> !known.contains(d.unitId()) && d.run() == DesiredRun.RUN)
                .filter(d -> d.updatedAt().isAfter(now.minus(LONGEST_START)))
                .forEach(d -> count(d.node()));
    }

    private void count(@Nullable NodeName node) {
        if (node != null) {
            load.merge(node, 1, Integer::sum);
        }
    }

    /**
     * @param lost the nodes to be left
     * @param live those that may take a unit
     * @param movedLately the units that were moved a short while ago
     * @param silent whether nothing was heard of a unit for its whole lease
     */
    static List<Placement> plan(
            Set<NodeName> lost,
            Collection<KnownNode> live,
            Collection<UnitRow> units,
            Collection<Desired> desired,
            Set<UnitId> movedLately,
            Predicate<UnitRow> silent,
            Instant now) {
        Evacuation evacuation = new Evacuation(live, units, desired, now);
        List<Placement> placements = new ArrayList<>();
        units.stream()
                .sorted(Comparator.comparing(UnitRow::id))
                .forEach(unit -> {
                    NodeName from = evacuation.place(unit);
                    if (from != null
                            && lost.contains(from)
                            && evacuation.wanted(unit)
                            && gone(unit, silent)) {
                        placements.add(evacuation.placed(unit, from, movedLately));
                    }
                });
        return placements;
    }

    /** Where a unit is to run: what is desired is newer than what its last start has said. */
    static @Nullable NodeName place(UnitRow unit, @Nullable Desired desired) {
        return desired != null && desired.node() != null ? desired.node() : unit.node();
    }

    private @Nullable NodeName place(UnitRow unit) {
        return place(unit, desired.get(unit.id()));
    }

    private boolean wanted(UnitRow unit) {
        Desired row = desired.get(unit.id());
        return row == null || row.run() == DesiredRun.RUN;
    }

    /** Neither lives nor was ended in order. Down is also one that beats and is held out. */
    private static boolean gone(UnitRow unit, Predicate<UnitRow> silent) {
        return switch (unit.phase()) {
            case DOWN_EXITED, RESTARTING, QUARANTINED, PROBATION -> true;
            case DOWN_SILENT, DOWN_HUNG -> silent.test(unit);
            case STARTING, UP, SUSPECT, DRAINING, RECOVERING, STOPPED -> false;
        };
    }

    private Placement placed(UnitRow unit, NodeName from, Set<UnitId> movedLately) {
        if (movedLately.contains(unit.id())) {
            return new Placement.Stay(unit, from, "it was moved a short while ago");
        }
        KnownNode target =
                live.values().stream()
                        .filter(node -> node.beat().services().contains(unit.service()))
                        .filter(node -> load(node) < node.beat().capacity())
                        .min(
                                Comparator.comparingInt(this::load)
                                        .thenComparing(node -> node.name().value()))
                        .orElse(null);
        if (target == null) {
            return new Placement.Stay(
                    unit, from, "no live node that runs '%s' has room".formatted(unit.service()));
        }
        load.merge(target.name(), 1, Integer::sum);
        return new Placement.Move(unit, from, target.name());
    }

    private int load(KnownNode node) {
        return load.getOrDefault(node.name(), 0);
    }

    /** What becomes of a unit of a lost node. */
    sealed interface Placement {

        UnitRow unit();

        NodeName from();

        /** It is to run on another node. */
        record Move(UnitRow unit, NodeName from, NodeName to) implements Placement {}

        /** It is left where it is. */
        record Stay(UnitRow unit, NodeName from, String why) implements Placement {}
    }
}
