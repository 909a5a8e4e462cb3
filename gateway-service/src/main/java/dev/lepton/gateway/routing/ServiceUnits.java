package dev.lepton.gateway.routing;

import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.client.unit.UnitView;
import dev.lepton.gateway.balancing.Balancer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A service as one table sees it.
 *
 * @param views every unit of the service, routable or not, in order of id
 * @param routable the units that can take a request: those UP, and those SUSPECT while fewer than
 *     half of both are UP
 * @param absences the units that take no requests and may come back
 */
public record ServiceUnits(
        String service,
        List<UnitView> views,
        List<TrackedUnit> routable,
        Map<UnitId, Absence> absences,
        Balancer balancer) {

    public ServiceUnits {
        views = List.copyOf(views);
        routable = List.copyOf(routable);
        absences = Map.copyOf(absences);
    }

    /**
     * The unit for the next attempt of a request. A unit that is left alone and may be tried gets
     * the request first; when none is left but units that are left alone, that does not count: the
     * last one is never ejected.
     *
     * @param tried units that the request was already sent to
     * @param safe whether the request can go elsewhere when this attempt fails
     */
    public @Nullable Pick pick(Collection<TrackedUnit> tried, boolean safe, long nowNanos) {
        List<TrackedUnit> untried = new ArrayList<>(routable.size());
        List<TrackedUnit> asked = new ArrayList<>(routable.size());
        for (TrackedUnit unit : routable) {
            if (!tried.contains(unit)) {
                untried.add(unit);
                if (unit.breaker().closed()) {
                    asked.add(unit);
                } else if (unit.breaker().tryProbe(safe)) {
                    return new Pick(unit, true);
                }
            }
        }
        if (untried.isEmpty()) {
            return null;
        }
        return new Pick(balancer.pick(asked.isEmpty() ? untried : asked, nowNanos), false);
    }

    /**
     * As {@link #pick}, but without the units that are left alone, unless the request is the one
     * that finds out about them: whoever waits for a unit must not storm it.
     */
    public @Nullable Pick pickWilling(Collection<TrackedUnit> tried, boolean safe, long nowNanos) {
        Pick pick = pick(tried, safe, nowNanos);
        return pick == null || pick.probe() || pick.unit().breaker().closed() ? pick : null;
    }

    /**
     * For how long one of the units that take no request is to be expected back: {@code
     * Long.MAX_VALUE} when one is said to come, 0 when none is to be expected.
     *
     * @param unsaid for how long one is that nobody has said so of
     */
    public long returnExpectedForNanos(long nowNanos, Duration unsaid) {
        long longest = 0;
        for (Absence absence : absences.values()) {
            longest = Math.max(longest, absence.expectedForNanos(nowNanos, unsaid));
        }
        return longest;
    }

    /** Whether a unit that failed just now has a supervisor, which may not have said so yet. */
    public boolean supervised() {
        return views.stream().anyMatch(ServiceUnits::isSupervised);
    }

    private static boolean isSupervised(UnitView view) {
        return switch (view.state()) {
            case UP, SUSPECT -> view.node() != null;
            case STARTING, RECOVERING, DOWN, DRAINING, QUARANTINED, STOPPED -> false;
        };
    }

    /** Why the service takes no request, for people. */
    public String whyNoneRoutable() {
        Map<UnitState, Long> byState =
                views.stream()
                        .collect(
                                Collectors.groupingBy(
                                        UnitView::state,
                                        () -> new EnumMap<>(UnitState.class),
                                        Collectors.counting()));
        String states =
                byState.entrySet().stream()
                        .map(e -> e.getValue() + " " + e.getKey())
                        .collect(Collectors.joining(", "));
        return "service '%s' has no %s unit: %s"
                .formatted(service, routable.isEmpty() ? "routable" : "reachable", states);
    }

    /**
     * @param probe whether the request finds out about a unit that is left alone
     */
    public record Pick(TrackedUnit unit, boolean probe) {}
}
