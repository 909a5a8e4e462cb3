package dev.lepton.supervisor.api;

import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.supervisor.registry.Registry;
import dev.lepton.supervisor.supervision.Supervision;
import dev.lepton.supervisor.supervision.UnitPlan;
import dev.lepton.supervisor.supervision.UnitStatus;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToDoubleFunction;

/** The meters of supervision. */
final class UnitMetrics implements MeterBinder {

    private final Supervision supervision;
    private final Registry link;

    UnitMetrics(Supervision supervision, Registry link) {
        this.supervision = supervision;
        this.link = link;
    }

    @Override
    public void bindTo(MeterRegistry meters) {
        for (UnitPlan plan : supervision.plans()) {
            bind(meters, plan);
        }
        Gauge.builder("lepton.exit.reports.waiting", link, Registry::waitingReports)
                .description("Exit reports that the registry has not taken yet")
                .register(meters);
    }

    private void bind(MeterRegistry meters, UnitPlan plan) {
        UnitId id = plan.id();
        Tags tags = Tags.of("unit", id.value(), "service", plan.service().name().value());
        FunctionCounter.builder("lepton.unit.restarts", supervision, of(id, UnitStatus::restarts))
                .description("Restarts by the policy")
                .tags(tags)
                .register(meters);
        Gauge.builder(
                        "lepton.unit.restarts.recent",
                        supervision,
                        of(id, UnitStatus::recentRestarts))
                .description("Restarts within the policy's sliding period")
                .tags(tags)
                .register(meters);
        Gauge.builder(
                        "lepton.unit.up",
                        supervision,
                        of(id, status -> status.state() == UnitState.UP ? 1 : 0))
                .description("Whether the supervisor holds the unit for up")
                .tags(tags)
                .register(meters);
    }

    private static ToDoubleFunction<Supervision> of(UnitId id, ToDoubleFunction<UnitStatus> value) {
        return supervision -> supervision.status(id).map(value::applyAsDouble).orElse(Double.NaN);
    }
}
