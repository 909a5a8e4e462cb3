package dev.lepton.registry.simulation.postgres;

import dev.lepton.client.desired.Desired;
import dev.lepton.client.policy.StoredPolicy;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.changelog.LoggedChange;
import dev.lepton.registry.unit.Holding;
import dev.lepton.registry.unit.KnownStart;
import dev.lepton.registry.unit.UnitRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The rows. Whoever reads or writes them does so in one serialisable transaction. */
public final class Tables {

    /** The last beat of a unit that was stored; no replica before the first. */
    public record MarkRow(StartId start, long seq, @Nullable UUID replica) {}

    record StartKey(UnitId unit, StartId start) {}

    final Map<UnitId, UnitRow> units = new LinkedHashMap<>();
    final Map<StartKey, KnownStart> starts = new HashMap<>();
    final Set<StartKey> exited = new HashSet<>();
    final Map<UnitId, Desired> desired = new LinkedHashMap<>();
    final List<LoggedChange> log = new ArrayList<>();
    final LeaderTable leader = new LeaderTable();
    final MarkTables marks = new MarkTables();
    final PermitTable permits = new PermitTable(this);
    final List<StoredPolicy> policies = new ArrayList<>();

    public LeaderTable leader() {
        return leader;
    }

    public MarkTables marks() {
        return marks;
    }

    public PermitTable permits() {
        return permits;
    }

    /** The current policy of the one service, null when it has none. */
    public @Nullable StoredPolicy policy() {
        return policies.isEmpty() ? null : policies.getLast();
    }

    public @Nullable UnitRow unit(UnitId id) {
        return units.get(id);
    }

    public List<UnitRow> units() {
        return List.copyOf(units.values());
    }

    public @Nullable Desired desired(UnitId id) {
        return desired.get(id);
    }

    public List<Desired> allDesired() {
        return List.copyOf(desired.values());
    }

    /**
     * @param start null for none
     */
    public Holding holding(UnitId unit, @Nullable StartId start) {
        return new Holding(
                units.get(unit), start == null ? null : starts.get(new StartKey(unit, start)));
    }

    /** Whether the process of this start was seen to end. */
    public boolean hasExited(UnitId unit, StartId start) {
        return exited.contains(new StartKey(unit, start));
    }

    /** The revision of the last change. */
    public long revision() {
        return log.size();
    }

    /** The changes after a revision, in order. */
    public List<LoggedChange> after(long revision) {
        return List.copyOf(log.subList((int) revision, log.size()));
    }
}
