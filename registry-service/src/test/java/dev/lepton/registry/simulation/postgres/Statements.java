package dev.lepton.registry.simulation.postgres;

import dev.lepton.client.desired.Desired;
import dev.lepton.client.policy.StoredPolicy;
import dev.lepton.client.recovery.PermitRequest;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.changelog.LeaderGuard;
import dev.lepton.registry.changelog.LoggedChange;
import dev.lepton.registry.changelog.ProposedChange;
import dev.lepton.registry.changelog.WriteOutcome;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.simulation.happening.Happening;
import dev.lepton.registry.simulation.happening.Witness;
import dev.lepton.registry.simulation.kernel.Weakness;
import dev.lepton.registry.simulation.postgres.Tables.StartKey;
import dev.lepton.registry.unit.KnownStart;
import dev.lepton.registry.unit.UnitRow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the writing statements of the registry do: guard, compare-and-set, counter and log row in
 * one transaction; and the flush of marks.
 */
public final class Statements {

    /** A mark that is to be written. */
    public record NewMark(StartId start, long seq) {}

    private final Tables tables;
    private final Witness witness;
    private final Weakness weakness;
    private long skipped;

    public Statements(Tables tables, Witness witness, Weakness weakness) {
        this.tables = tables;
        this.witness = witness;
        this.weakness = weakness;
    }

    /** Stores changes of different rows; one outcome for each, in their order. */
    public List<WriteOutcome> write(List<ProposedChange> changes, Instant at) {
        List<WriteOutcome> outcomes = changes.stream().map(change -> write(change, at)).toList();
        tables.marks.reachDisk();
        return outcomes;
    }

    public void flush(Map<UnitId, NewMark> marks, UUID replica) {
        marks.forEach((unit, mark) -> {
            if (tables.marks.store(unit, mark.start, mark.seq, replica)) {
                witness.see(new Happening.MarkStored(unit, mark.start, replica));
            }
        });
        tables.marks.storeReplica(replica);
        witness.see(new Happening.ReplicaMarked(replica));
    }

    /** The permit of a start. */
    public void grant(UnitId unit, PermitRequest request, long now, Duration lasting) {
        long question = Objects.requireNonNull(request.question());
        if (tables.permits.grant(unit, request.startId(), now, now + lasting.toNanos(), question)) {
            witness.see(new Happening.PermitGranted(unit, request.startId()));
        }
    }

    public void release(UnitId unit, StartId start, long question) {
        if (tables.permits.release(unit, start, question)) {
            witness.see(new Happening.PermitReleased(unit, start));
        }
    }

    /** The process of this start was seen to end. */
    public void exited(UnitId unit, StartId start) {
        tables.exited.add(new StartKey(unit, start));
    }

    /** False when somebody else has stored this version first. */
    public boolean store(StoredPolicy after) {
        if (after.version() != tables.policies.size() + 1) {
            return false;
        }
        tables.policies.add(after);
        witness.see(new Happening.PolicyStored(after));
        return true;
    }

    private WriteOutcome write(ProposedChange change, Instant at) {
        if (!admitted(change.guard())) {
            return new WriteOutcome.Deposed();
        }
        boolean written =
                switch (change) {
                    case ProposedChange.OfUnit ofUnit -> store(ofUnit.after());
                    case ProposedChange.OfDesired ofDesired -> store(ofDesired.after());
                };
        if (!written) {
            if (weakness == Weakness.NUMBERS_FROM_A_SEQUENCE) {
                skipped++;
            }
            return new WriteOutcome.OutOfDate();
        }
        LoggedChange logged = logged(change, at);
        tables.log.add(logged);
        witness.see(new Happening.Committed(logged, change.guard(), tables.leader.epoch()));
        return new WriteOutcome.Written(logged.revision());
    }

    private boolean admitted(@Nullable LeaderGuard guard) {
        return guard == null
                || guard.epoch() == tables.leader.epoch()
                || weakness == Weakness.NO_EPOCH_GUARD;
    }

    private boolean store(UnitRow after) {
        UnitRow stored = tables.units.get(after.id());
        if (weakness != Weakness.NO_COMPARE_AND_SET
                && after.version() != (stored == null ? 1 : stored.version() + 1)) {
            return false;
        }
        tables.units.put(after.id(), after);
        StartKey key = new StartKey(after.id(), after.startId());
        KnownStart known = tables.starts.get(key);
        if (known == null || known.incarnation() != after.incarnation()) {
            known = new KnownStart(after.incarnation(), false);
            tables.marks.begin(after.id(), after.startId());
        }
        boolean ends = after.phase() == Phase.DOWN_EXITED || after.phase() == Phase.STOPPED;
        tables.starts.put(key, new KnownStart(known.incarnation(), known.ended() || ends));
        return true;
    }

    private boolean store(Desired after) {
        Desired stored = tables.desired.get(after.unitId());
        if (after.generation() != (stored == null ? 1 : stored.generation() + 1)) {
            return false;
        }
        tables.desired.put(after.unitId(), after);
        return true;
    }

    private LoggedChange logged(ProposedChange change, Instant at) {
        long revision = tables.revision() + 1 + skipped;
        return switch (change) {
            case ProposedChange.OfUnit(var from, var after, var event, var reason, var _) ->
                    new LoggedChange(revision, at, after.id(), event, from, reason, after, null);
            case ProposedChange.OfDesired(var after, var reason, var _) ->
                    new LoggedChange(
                            revision, at, after.unitId(), "desired", null, reason, null, after);
        };
    }
}
