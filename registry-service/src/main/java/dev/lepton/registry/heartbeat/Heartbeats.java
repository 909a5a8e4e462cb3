package dev.lepton.registry.heartbeat;

import dev.lepton.client.heartbeat.Heartbeat;
import dev.lepton.client.heartbeat.SelfCheck;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.flap.Flapping;
import dev.lepton.registry.heartbeat.Verdict.Accepted;
import dev.lepton.registry.lifecycle.Event;
import dev.lepton.registry.lifecycle.Lifecycle;
import dev.lepton.registry.lifecycle.Outcome;
import dev.lepton.registry.move.UnitMoves;
import dev.lepton.registry.time.NanoClock;
import dev.lepton.registry.unit.UnitRow;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes beats: answers from memory, leaves a mark, and proposes the move that the beat makes, one
 * at a time for each unit. A proposal that is out of date is dropped: the next beat makes another.
 */
final class Heartbeats {

    private static final Logger log = LoggerFactory.getLogger(Heartbeats.class);

    private final Verdicts verdicts;
    private final MarkTable marks;
    private final UnitMoves moves;
    private final Flapping flapping;
    private final NanoClock clock;
    private final Set<UnitId> moving = ConcurrentHashMap.newKeySet();

    Heartbeats(
            Verdicts verdicts,
            MarkTable marks,
            UnitMoves moves,
            Flapping flapping,
            NanoClock clock) {
        this.verdicts = verdicts;
        this.marks = marks;
        this.moves = moves;
        this.flapping = flapping;
        this.clock = clock;
    }

    Map<UnitId, Verdict> take(Map<UnitId, Heartbeat> beats) {
        Map<UnitId, StartId> starts =
                beats.entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().startId()));
        Map<UnitId, Verdict> said = verdicts.of(starts);
        beats.forEach((unit, beat) -> {
            if (said.get(unit) instanceof Accepted(UnitRow row)) {
                take(row, beat);
            }
        });
        return said;
    }

    /** A beat that is not newer than the last one says nothing new. */
    private void take(UnitRow row, Heartbeat beat) {
        if (!marks.take(row.id(), beat.startId(), beat.seq(), clock.nanos())) {
            return;
        }
        String objection = objection(row, beat);
        Event event = objection == null ? event(beat.selfCheck()) : Event.HELD_OUT;
        if (objection != null && Flapping.heldOut(row)) {
            return;
        }
        if (Lifecycle.next(row.phase(), event) instanceof Outcome.Move && moving.add(row.id())) {
            propose(row, event, objection == null ? reason(event, beat) : objection);
        }
    }

    /** Why the beat is not to bring the unit up, null when it may, or would not. */
    private @Nullable String objection(UnitRow row, Heartbeat beat) {
        boolean wouldComeUp =
                beat.selfCheck() == SelfCheck.OK
                        && Lifecycle.next(row.phase(), Event.HELD_OUT) instanceof Outcome.Move;
        return wouldComeUp ? flapping.objection(row) : null;
    }

    private void propose(UnitRow row, Event event, String reason) {
        try {
            moves.propose(row, event, reason, null)
                    .whenComplete((_, failure) -> {
                        moving.remove(row.id());
                        if (failure != null) {
                            log.debug("Unit {} stays as it is", row.id(), failure);
                        }
                    });
        } catch (RuntimeException e) {
            moving.remove(row.id());
            throw e;
        }
    }

    private static Event event(SelfCheck selfCheck) {
        return switch (selfCheck) {
            case OK -> Event.GOOD_BEAT;
            case LATE -> Event.LATE_BEAT;
            case UNANSWERED -> Event.HUNG;
        };
    }

    private static String reason(Event event, Heartbeat beat) {
        return event == Event.HUNG
                ? "self-check unanswered and no request completed since the %d before"
                        .formatted(beat.completedRequests())
                : "good beat %d".formatted(beat.seq());
    }
}
