package dev.lepton.supervisor.api;

import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.client.watch.WatchStatus;
import dev.lepton.supervisor.recovery.RestartPolicy;
import dev.lepton.supervisor.registry.Registry;
import dev.lepton.supervisor.supervision.Supervision;
import dev.lepton.supervisor.supervision.UnitPlan;
import dev.lepton.supervisor.supervision.UnitStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/** The supervisor's own state: units and what is left of their restart budgets. */
@Endpoint(id = "lepton")
class LeptonEndpoint {

    private final Supervision supervision;
    private final Registry registry;

    LeptonEndpoint(Supervision supervision, Registry registry) {
        this.supervision = supervision;
        this.registry = registry;
    }

    /**
     * What is left to a unit before the policy gives it up.
     *
     * @param used restarts within the sliding period
     * @param longestNextDelay the upper bound of the wait before the next restart
     */
    record Budget(int used, int intensity, Duration period, Duration longestNextDelay) {}

    /** One unit in the supervisor's own view. */
    record Unit(
            UnitId id,
            UnitState state,
            @Nullable Long pid,
            long restarts,
            Instant since,
            String reason,
            Budget budget) {}

    /** The whole answer. */
    record State(
            boolean ready, List<Unit> units, @Nullable WatchStatus watch, int waitingReports) {}

    @ReadOperation
    State state() {
        List<Unit> units = supervision.plans().stream().map(this::unit).toList();
        return new State(supervision.ready(), units, registry.watch(), registry.waitingReports());
    }

    private Unit unit(UnitPlan plan) {
        UnitStatus status = supervision.status(plan.id()).orElseThrow();
        RestartPolicy policy = supervision.policy(plan).restart();
        return new Unit(
                plan.id(),
                status.state(),
                status.pid(),
                status.restarts(),
                status.since(),
                status.reason(),
                new Budget(
                        status.recentRestarts(),
                        policy.intensity(),
                        policy.period(),
                        policy.longestDelay(status.recentRestarts())));
    }
}
