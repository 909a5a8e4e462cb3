package dev.lepton.registry.recovery;

import dev.lepton.client.recovery.RecoveryReport;
import dev.lepton.client.recovery.RecoveryStep;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitView;
import dev.lepton.registry.lifecycle.Event;
import dev.lepton.registry.lifecycle.Lifecycle;
import dev.lepton.registry.move.UnitMoves;
import dev.lepton.registry.unit.Holding;
import dev.lepton.registry.unit.UnitRow;
import dev.lepton.registry.unit.Units;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Takes what a supervisor does about a unit whose start has ended. */
@RestController
class RecoveryController {

    private final UnitMoves moves;
    private final Units units;

    RecoveryController(UnitMoves moves, Units units) {
        this.moves = moves;
        this.units = units;
    }

    /** A report that names a start which no longer holds the unit comes too late: 409. */
    @PostMapping("/v1/units/{id}/recovery")
    UnitView recovery(@PathVariable UnitId id, @RequestBody RecoveryReport report) {
        String reason = report.reason() == null ? words(report.step()) : report.reason();
        StartId meant = meant(id, report.startId());
        return moves.move(id, meant, event(report.step()), reason).view();
    }

    /**
     * A start that ended before it registered never held the unit: what is said of it is said of
     * the one before, which is over.
     */
    private StartId meant(UnitId id, StartId start) {
        Holding held = units.holding(id, start);
        UnitRow row = held.row();
        boolean neverRegistered = held.start() == null;
        return row != null && neverRegistered && Lifecycle.startOver(row.phase())
                ? row.startId()
                : start;
    }

    private static Event event(RecoveryStep step) {
        return switch (step) {
            case RESTARTING -> Event.RESTART_BEGUN;
            case GAVE_UP -> Event.BUDGET_SPENT;
            case PROBATION -> Event.PROBATION_GRANTED;
        };
    }

    private static String words(RecoveryStep step) {
        return switch (step) {
            case RESTARTING -> "its supervisor starts it again";
            case GAVE_UP -> "its supervisor has given it up";
            case PROBATION -> "its supervisor starts it on trial";
        };
    }
}
