package dev.lepton.supervisor.drill;

import dev.lepton.client.rest.RegistryRefusal;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.UnitId;
import dev.lepton.supervisor.registry.Registry;
import dev.lepton.supervisor.registry.ServiceOutlook;
import dev.lepton.supervisor.supervision.StrikeOutcome;
import dev.lepton.supervisor.supervision.Supervision;
import dev.lepton.supervisor.supervision.UnitPlan;
import dev.lepton.supervisor.supervision.UnitStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Decides and begins drills, one at a time for the node. What follows is ordinary recovery. */
public final class Drills {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Supervision supervision;
    private final Registry registry;
    private final AtomicReference<@Nullable UnitId> deciding = new AtomicReference<>();

    public Drills(Supervision supervision, Registry registry) {
        this.supervision = supervision;
        this.registry = registry;
    }

    /**
     * Looks at every rail, and strikes when all hold and it is to be done. Waits for the registry.
     * Empty when the node has no such unit.
     */
    public Optional<DrillVerdict> drill(DrillWish wish) {
        Optional<UnitPlan> plan = supervision.plan(wish.unit());
        if (!wish.go() || plan.isEmpty()) {
            return plan.map(unit -> new DrillVerdict(rails(unit, wish, deciding.get()), null));
        }
        UnitId other = deciding.compareAndExchange(null, wish.unit());
        if (other != null) {
            return plan.map(unit -> new DrillVerdict(rails(unit, wish, other), null));
        }
        try {
            return plan.map(unit -> decide(unit, wish));
        } finally {
            deciding.set(null);
        }
    }

    private DrillVerdict decide(UnitPlan plan, DrillWish wish) {
        List<Finding> rails = new ArrayList<>(rails(plan, wish, null));
        if (rails.stream().anyMatch(finding -> !finding.holds())) {
            return new DrillVerdict(rails, null);
        }
        return switch (strike(wish)) {
            case StrikeOutcome.Struck(var drill) -> {
                rails.add(Finding.holds(Rail.PERMIT, "the registry permits it"));
                yield new DrillVerdict(rails, drill);
            }
            case StrikeOutcome.Refused(String reason) -> {
                rails.add(Finding.refuses(Rail.PERMIT, reason));
                yield new DrillVerdict(rails, null);
            }
        };
    }

    private StrikeOutcome strike(DrillWish wish) {
        return await(
                supervision
                        .strike(wish.unit(), wish.start(), wish.fault(), wish.decidedBy())
                        .orElseThrow(),
                new StrikeOutcome.Refused(silent(wish.unit())));
    }

    private List<Finding> rails(UnitPlan plan, DrillWish wish, @Nullable UnitId other) {
        Optional<String> notRestarted =
                await(
                        supervision.notRestarted(wish.unit(), wish.fault()).orElseThrow(),
                        Optional.of(silent(wish.unit())));
        ServiceName service = plan.service().name();
        ServiceOutlook outlook = null;
        String silence = "";
        try {
            outlook = registry.outlook(service);
        } catch (RegistryRefusal e) {
            silence = String.valueOf(e.getMessage());
        }
        return DrillRails.of(
                new DrillSight(
                        plan,
                        supervision.status(wish.unit()).orElseThrow(),
                        supervision.policy(plan),
                        wish.start(),
                        other == null ? struck() : other,
                        notRestarted.orElse(null),
                        outlook,
                        silence));
    }

    /** The unit that a drill has struck, and that is not ready again. */
    private @Nullable UnitId struck() {
        return supervision.statuses().stream()
                .filter(UnitStatus::struck)
                .map(UnitStatus::id)
                .findFirst()
                .orElse(null);
    }

    private static String silent(UnitId unit) {
        return "the supervision of '%s' does not answer within %d s"
                .formatted(unit, LIMIT.toSeconds());
    }

    /** What is still to come after the limit does nothing any more. */
    private static <T> T await(CompletableFuture<T> answer, T otherwise) {
        return answer.completeOnTimeout(otherwise, LIMIT.toSeconds(), TimeUnit.SECONDS).join();
    }
}
