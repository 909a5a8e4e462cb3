package dev.lepton.registry.move;

import dev.lepton.client.registration.DrainRequest;
import dev.lepton.client.registration.ExitReport;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitView;
import dev.lepton.registry.lifecycle.Event;
import dev.lepton.registry.unit.StartSuperseded;
import dev.lepton.registry.unit.Units;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Drains, exits and removals of one unit. */
@RestController
@RequestMapping("/v1/units/{id}")
class MoveController {

    private final UnitMoves moves;
    private final Units units;

    MoveController(UnitMoves moves, Units units) {
        this.moves = moves;
        this.units = units;
    }

    @PostMapping("/drain")
    UnitView drain(
            @PathVariable UnitId id,
            @RequestBody(required = false) @Nullable DrainRequest request) {
        return drained(id, request, Event.DRAIN_ASKED, "asked to drain");
    }

    @PostMapping("/undrain")
    UnitView undrain(
            @PathVariable UnitId id,
            @RequestBody(required = false) @Nullable DrainRequest request) {
        return drained(id, request, Event.UNDRAIN_ASKED, "asked to serve again");
    }

    /** A report about a start that no longer holds the unit is true and changes nothing. */
    @PostMapping("/exit")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void exited(@PathVariable UnitId id, @RequestBody ExitReport report) {
        Event event = report.expected() ? Event.STOPPED_AS_ASKED : Event.EXITED;
        units.exited(id, report.startId());
        try {
            moves.move(id, report.startId(), event, ExitWords.of(report));
        } catch (StartSuperseded e) {
            // An older start has ended, as it should.
        }
    }

    @DeleteMapping
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(
            @PathVariable UnitId id, @RequestParam(required = false) @Nullable StartId startId) {
        if (startId == null) {
            moves.move(id, null, Event.REMOVED, "removed by an operator");
        } else {
            moves.move(id, startId, Event.DEREGISTERED, "the unit deregistered");
        }
    }

    private UnitView drained(
            UnitId id, @Nullable DrainRequest request, Event event, String otherwise) {
        StartId start = request == null ? null : request.startId();
        String reason = request == null ? null : request.reason();
        return moves.move(id, start, event, Objects.requireNonNullElse(reason, otherwise)).view();
    }
}
