package dev.lepton.registry.brake;

import dev.lepton.client.recovery.Permit;
import dev.lepton.client.recovery.PermitRequest;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code POST} and {@code DELETE /v1/units/{id}/permit}. */
@RestController
class PermitController {

    private final Brake brake;

    PermitController(Brake brake) {
        this.brake = brake;
    }

    /** May the live process of this start be ended? A refusal says when to ask again. */
    @PostMapping("/v1/units/{id}/permit")
    Permit permit(@PathVariable UnitId id, @RequestBody PermitRequest request) {
        return brake.ask(id, request);
    }

    /**
     * A permit that was not used, and will not be; says nothing when there is none.
     *
     * @param question the last one that was asked before, so that a permit for a later one stays;
     *     without it none stays
     */
    @DeleteMapping("/v1/units/{id}/permit")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void release(
            @PathVariable UnitId id,
            @RequestParam StartId startId,
            @RequestParam(defaultValue = "" + Long.MAX_VALUE) long question) {
        brake.release(id, startId, question);
    }
}
