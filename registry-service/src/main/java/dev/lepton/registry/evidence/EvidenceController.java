package dev.lepton.registry.evidence;

import dev.lepton.client.evidence.Evidence;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitView;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Takes what supervisors and gateways have seen of a unit. */
@RestController
class EvidenceController {

    private final EvidenceIntake intake;

    EvidenceController(EvidenceIntake intake) {
        this.intake = intake;
    }

    @PostMapping("/v1/units/{id}/evidence")
    UnitView evidence(@PathVariable UnitId id, @RequestBody Evidence evidence) {
        return intake.take(id, evidence).view();
    }
}
