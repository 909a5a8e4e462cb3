package dev.lepton.registry.move;

import dev.lepton.registry.lifecycle.Event;
import dev.lepton.registry.problem.ProblemException;
import dev.lepton.registry.unit.UnitRow;
import org.springframework.http.HttpStatus;

/** The lifecycle has no such move. */
public final class MoveNotAllowed extends ProblemException {

    MoveNotAllowed(UnitRow row, Event event, String why) {
        super(
                "unit '%s' is %s, which does not allow '%s': %s"
                        .formatted(row.id(), row.phase().state(), event.words(), why));
    }

    @Override
    public HttpStatus status() {
        return HttpStatus.CONFLICT;
    }

    @Override
    public String code() {
        return "not-allowed";
    }
}
