package dev.lepton.supervisor.api;

import dev.lepton.supervisor.supervision.Supervision;
import dev.lepton.supervisor.supervision.UnitStatus;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Ready once every unit has been ready. */
final class UnitsHealth implements HealthIndicator {

    private final Supervision supervision;

    UnitsHealth(Supervision supervision) {
        this.supervision = supervision;
    }

    @Override
    public Health health() {
        Map<String, String> waiting =
                supervision.statuses().stream()
                        .filter(status -> !status.readyOnce() && !status.held())
                        .collect(
                                Collectors.toMap(
                                        status -> status.id().value(), UnitStatus::reason));
        return supervision.ready()
                ? Health.up().build()
                : Health.outOfService().withDetails(waiting).build();
    }
}
