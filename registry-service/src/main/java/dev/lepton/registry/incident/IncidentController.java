package dev.lepton.registry.incident;

import dev.lepton.client.incident.IncidentReport;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Incidents: read by people, reported by supervisors. */
@RestController
@RequestMapping("/v1")
class IncidentController {

    private final Incidents incidents;
    private final IncidentReports reports;

    IncidentController(Incidents incidents, IncidentReports reports) {
        this.incidents = incidents;
        this.reports = reports;
    }

    @GetMapping("/incidents")
    IncidentPage incidents(
            @RequestParam(required = false) @Nullable UnitId unit,
            @RequestParam(required = false) @Nullable ServiceName service,
            @RequestParam(required = false) @Nullable Boolean open,
            @RequestParam(required = false) @Nullable Boolean drill,
            @RequestParam(name = "page", defaultValue = "0") @Min(0) @Max(1_000_000) int page,
            @RequestParam(name = "size", defaultValue = "100") @Min(1) @Max(1000) int size) {
        return incidents.list(new IncidentFilter(unit, service, open, drill), page, size);
    }

    @GetMapping("/incidents/{id}")
    IncidentView incident(@PathVariable long id) {
        return incidents.find(id);
    }

    /** Again and again as more is known; what a report leaves out stays. */
    @PutMapping("/units/{id}/incidents/{startId}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void report(
            @PathVariable UnitId id,
            @PathVariable StartId startId,
            @RequestBody IncidentReport report) {
        reports.take(id, startId, report);
    }
}
