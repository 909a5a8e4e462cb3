package dev.lepton.registry.simulation.promise;

import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.simulation.node.Node;
import dev.lepton.registry.simulation.node.UnitProcess;
import dev.lepton.registry.simulation.postgres.Tables;
import dev.lepton.registry.simulation.replica.Replica;
import dev.lepton.registry.unit.UnitRow;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What is true again once nothing goes wrong any more: each unit is up, runs once, and is known to
 * every replica as it is, which each replica has seen not long ago.
 */
public final class Recovery {

    /** Two polls. */
    private static final Duration OLDEST_VIEW = Duration.ofSeconds(2);

    private final Tables tables;
    private final List<Replica> replicas;
    private final List<Node> nodes;
    private final List<UnitId> units;

    public Recovery(Tables tables, List<Replica> replicas, List<Node> nodes, List<UnitId> units) {
        this.tables = tables;
        this.replicas = replicas;
        this.nodes = nodes;
        this.units = units;
    }

    public boolean complete() {
        return firstMissing().isEmpty();
    }

    /** To be thrown when it takes too long. */
    public BrokenPromise missing() {
        return new BrokenPromise("all is well again in time", firstMissing().orElse("it is now"));
    }

    private Optional<String> firstMissing() {
        return units.stream()
                .map(this::missing)
                .flatMap(Optional::stream)
                .findFirst()
                .or(this::replicaBehind)
                .or(this::oldView);
    }

    private Optional<String> missing(UnitId unit) {
        List<UnitProcess> running =
                nodes.stream()
                        .flatMap(node -> node.processes().stream())
                        .filter(process -> process.unit().equals(unit))
                        .toList();
        if (running.size() != 1) {
            return Optional.of("%s has %d processes".formatted(unit, running.size()));
        }
        UnitRow row = tables.unit(unit);
        if (row == null || row.phase() != Phase.UP) {
            return Optional.of("%s is not up: %s".formatted(unit, row));
        }
        return row.startId().equals(running.getFirst().start())
                ? Optional.empty()
                : Optional.of("%s is held by another start: %s".formatted(unit, row));
    }

    /** Also while nothing changes: or nobody could tell it from a view that is behind. */
    private Optional<String> oldView() {
        return replicas.stream()
                .filter(replica -> {
                    Duration age = replica.viewAge();
                    return age == null || age.compareTo(OLDEST_VIEW) > 0;
                })
                .map(replica ->
                        "%s read the log %s ago".formatted(replica.place(), replica.viewAge()))
                .findFirst();
    }

    private Optional<String> replicaBehind() {
        return replicas.stream()
                .filter(replica -> !Objects.equals(replica.revision(), tables.revision()))
                .map(replica ->
                        "%s is at revision %s of %d"
                                .formatted(replica.place(), replica.revision(), tables.revision()))
                .findFirst();
    }
}
