package dev.lepton.registry.recovery;

import dev.lepton.client.recovery.RecoveryReport;
import dev.lepton.client.recovery.RecoveryStep;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitView;
import dev.lepton.registry.lifecycle.Event;
import dev.lepton.registry.move.UnitMoves;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Takes what a supervisor does about a unit whose start has ended. */
@RestController
class RecoveryController {

    private final UnitMoves moves;

    RecoveryController(UnitMoves moves) {
        this.moves = moves;
    }

    /** A report that names a start which no longer holds the unit comes too late: 409. */
    @PostMapping("/v1/units/{id}/recovery")
    UnitView recovery(@PathVariable UnitId id, @RequestBody RecoveryReport report) {
        String reason = report.reason() == null ? words(report.step()) : report.reason();
        return moves.move(id, report.startId(), event(report.step()), reason).view();
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
