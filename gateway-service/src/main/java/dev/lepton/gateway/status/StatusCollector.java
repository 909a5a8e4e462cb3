package dev.lepton.gateway.status;

import dev.lepton.gateway.status.LeptonEndpoint.BudgetStatus;
import dev.lepton.gateway.status.LeptonEndpoint.LoadStatus;
import dev.lepton.gateway.status.LeptonEndpoint.Status;
import dev.lepton.gateway.status.LeptonEndpoint.UnitStatus;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/**
 * What {@link LeptonEndpoint} shows, for Prometheus. It is made anew whenever it is read, so
 * nothing stays of a unit or a service that is gone, and a change of the routing table costs
 * nothing.
 */
final class StatusCollector implements MultiCollector {

    private static final double MILLIS_PER_SECOND = 1000;

    private final LeptonEndpoint endpoint;

    StatusCollector(LeptonEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    @Override
    public MetricSnapshots collect() {
        Status status = endpoint.status();
        List<MetricSnapshot> all = new ArrayList<>();
        all.addAll(ofUnits(status.services()));
        all.addAll(ofLoads(inTheTable(status.loads(), status)));
        all.addAll(ofBudgets(inTheTable(status.retryBudgets(), status)));
        return new MetricSnapshots(all);
    }

    private static List<MetricSnapshot> ofUnits(Map<String, List<UnitStatus>> services) {
        return List.of(
                perUnit(
                        "routable",
                        "Whether it can take a request that is not pinned to its version",
                        services,
                        unit -> unit.routable() ? 1 : 0),
                perUnit(
                        "weight",
                        "Its share of the requests in proportion to others, less what its slow start holds back",
                        services,
                        unit -> unit.weight() * unit.share()),
                perUnit(
                        "in_flight",
                        "Requests at the unit that are not finished",
                        services,
                        UnitStatus::inFlight),
                perUnit(
                        "latency_seconds",
                        "What it takes to answer, 0 when unknown",
                        services,
                        unit -> unit.latencyMillis() / MILLIS_PER_SECOND),
                gauge(
                        "lepton_gateway_unit_state",
                        "1 for the state that the unit is in",
                        points ->
                                eachUnit(
                                        services,
                                        (labels, unit) ->
                                                points.add(
                                                        1,
                                                        labels.add("state", lower(unit.state()))))),
                gauge(
                        "lepton_gateway_unit_breaker",
                        "1 for the state of the unit's breaker, of units that can have requests",
                        points ->
                                eachUnit(
                                        services,
                                        (labels, unit) -> {
                                            if (unit.breaker() != null) {
                                                points.add(
                                                        1,
                                                        labels.add("state", lower(unit.breaker())));
                                            }
                                        })));
    }

    private static List<MetricSnapshot> ofLoads(Map<String, LoadStatus> loads) {
        return List.of(
                perService(
                        "waiting",
                        "Requests that wait for the head of an answer",
                        loads,
                        LoadStatus::waiting),
                perService("limit", "How many may wait at a time", loads, LoadStatus::limit));
    }

    private static List<MetricSnapshot> ofBudgets(Map<String, BudgetStatus> budgets) {
        return List.of(
                perService(
                        "retry_budget_left",
                        "Attempts beyond the first that may begin now",
                        budgets,
                        BudgetStatus::left),
                perService(
                        "retry_budget_spent",
                        "Attempts beyond the first of the last 10 s",
                        budgets,
                        BudgetStatus::spent),
                perService(
                        "hedge_ratio",
                        "Hedges of the last 10 s, of the requests",
                        budgets,
                        budget ->
                                budget.offered() == 0
                                        ? 0
                                        : (double) budget.hedges() / budget.offered()));
    }

    /** Numbers of a service are kept for ever; here they go with its units. */
    private static <T> Map<String, T> inTheTable(Map<String, T> byService, Status status) {
        Map<String, T> there = new TreeMap<>(byService);
        there.keySet().retainAll(status.services().keySet());
        return there;
    }

    private static MetricSnapshot perUnit(
            String name,
            String help,
            Map<String, List<UnitStatus>> services,
            ToDoubleFunction<UnitStatus> value) {
        return gauge(
                "lepton_gateway_unit_" + name,
                help,
                points ->
                        eachUnit(
                                services,
                                (labels, unit) -> points.add(value.applyAsDouble(unit), labels)));
    }

    private static <T> MetricSnapshot perService(
            String name, String help, Map<String, T> byService, ToDoubleFunction<T> value) {
        return gauge(
                "lepton_gateway_service_" + name,
                help,
                points ->
                        byService.forEach((service, of) ->
                                points.add(
                                        value.applyAsDouble(of), Labels.of("service", service))));
    }

    private static void eachUnit(
            Map<String, List<UnitStatus>> services, BiConsumer<Labels, UnitStatus> action) {
        services.forEach((service, units) ->
                units.forEach(unit ->
                        action.accept(Labels.of("service", service, "unit", unit.id()), unit)));
    }

    private static MetricSnapshot gauge(String name, String help, Consumer<Points> fill) {
        Points points = new Points(new ArrayList<>());
        fill.accept(points);
        return new GaugeSnapshot(new MetricMetadata(name, help), points.all());
    }

    private record Points(List<GaugeDataPointSnapshot> all) {
        void add(double value, Labels labels) {
            all.add(new GaugeDataPointSnapshot(value, labels, null));
        }
    }

    private static String lower(Enum<?> state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
