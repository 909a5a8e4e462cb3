package dev.lepton.registry.evidence;

import dev.lepton.client.evidence.Evidence;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.lifecycle.Event;
import dev.lepton.registry.move.CurrentUnits;
import dev.lepton.registry.move.UnitMoves;
import dev.lepton.registry.unit.StartSuperseded;
import dev.lepton.registry.unit.UnitNotRegistered;
import dev.lepton.registry.unit.UnitRow;
import dev.lepton.registry.unit.Units;

/**
 * Takes what others have seen of units: what is proven moves the unit at once, a failure to reach
 * it is kept for the leader, which weighs it against the silence of the unit.
 */
class EvidenceIntake {

    private final CurrentUnits current;
    private final Units units;
    private final UnitMoves moves;
    private final Observations observations;

    EvidenceIntake(CurrentUnits current, Units units, UnitMoves moves, Observations observations) {
        this.current = current;
        this.units = units;
        this.moves = moves;
        this.observations = observations;
    }

    /** The unit as it is after that. */
    UnitRow take(UnitId id, Evidence evidence) {
        UnitRow held = held(id, evidence.startId());
        return switch (evidence.kind()) {
            case HUNG -> moves.move(id, evidence.startId(), Event.HUNG, words(evidence));
            case PROBE_FAILED -> {
                observations.store(id, evidence, true);
                yield held;
            }
            case UNREACHABLE -> {
                if (!ownFault(evidence)) {
                    observations.store(id, evidence, evidence.known() > 1);
                }
                yield held;
            }
        };
    }

    /**
     * Whether an observer is at fault itself: it fails at half or more of what it knows. One that
     * knows a single unit cannot tell; it is worth a probe, and its word is no more than that.
     */
    static boolean ownFault(Evidence evidence) {
        return evidence.known() > 1 && 2L * evidence.failing() >= evidence.known();
    }

    private UnitRow held(UnitId id, StartId start) {
        UnitRow seen = current.find(id);
        if (seen != null && seen.startId().equals(start)) {
            return seen;
        }
        UnitRow row = units.find(id);
        if (row == null || row.forgotten()) {
            throw new UnitNotRegistered(id);
        }
        if (!row.startId().equals(start)) {
            throw new StartSuperseded(id, start);
        }
        current.learn(row);
        return row;
    }

    private static String words(Evidence evidence) {
        return evidence.detail().isBlank()
                ? evidence.observer() + " has proven that it hangs"
                : evidence.observer() + ": " + evidence.detail();
    }
}
