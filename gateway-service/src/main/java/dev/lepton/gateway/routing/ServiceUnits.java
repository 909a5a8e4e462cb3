package dev.lepton.gateway.routing;

import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.client.unit.UnitView;
import dev.lepton.gateway.balancing.Affinity;
import dev.lepton.gateway.balancing.Balancing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A service as one table sees it, or those of its units that are of one version.
 *
 * @param version of all of them, null for any
 * @param views every unit of the service, routable or not, in order of id
 * @param routable the units that can take a request: those UP, and those SUSPECT while fewer than
 *     half of both are UP
 * @param reserved such units whose versions have no share of the requests, while one of another
 *     version is routable: only requests that are pinned to their version go to them
 * @param absences the units that take no requests and may come back
 */
public record ServiceUnits(
        String service,
        @Nullable String version,
        List<UnitView> views,
        List<TrackedUnit> routable,
        List<TrackedUnit> reserved,
        Map<UnitId, Absence> absences,
        Balancing balancing) {

    public ServiceUnits {
        views = List.copyOf(views);
        routable = List.copyOf(routable);
        reserved = List.copyOf(reserved);
        absences = Map.copyOf(absences);
    }

    /** What of it there is for requests that no other version will do for. */
    public ServiceUnits pinnedTo(String version) {
        List<UnitView> its = views.stream().filter(v -> version.equals(v.version())).toList();
        List<TrackedUnit> routableOfIt =
                Stream.concat(routable.stream(), reserved.stream())
                        .filter(unit -> version.equals(unit.version()))
                        .toList();
        Map<UnitId, Absence> absencesOfIt = new HashMap<>(absences);
        absencesOfIt.keySet().retainAll(its.stream().map(UnitView::unitId).toList());
        return new ServiceUnits(
                service, version, its, routableOfIt, List.of(), absencesOfIt, balancing);
    }

    /**
     * The unit for the next attempt of a request. A unit that is left alone and may be tried gets
     * the request first; when none is left but units that are left alone, that does not count: the
     * last one is never ejected.
     *
     * @param tried units that the request was already sent to
     * @param safe whether the request can go elsewhere when this attempt fails
     */
    public @Nullable Pick pick(
            Affinity affinity, Collection<TrackedUnit> tried, boolean safe, long nowNanos) {
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
        List<TrackedUnit> candidates = asked.isEmpty() ? untried : asked;
        return new Pick(balancing.pick(candidates, affinity, nowNanos), false);
    }

    /**
     * As {@link #pick}, but without the units that are left alone, unless the request is the one
     * that finds out about them: whoever waits for a unit must not storm it.
     */
    public @Nullable Pick pickWilling(
            Affinity affinity, Collection<TrackedUnit> tried, boolean safe, long nowNanos) {
        Pick pick = pick(affinity, tried, safe, nowNanos);
        return pick == null || pick.probe() || pick.unit().breaker().closed() ? pick : null;
    }

    /** As {@link #pick}, but of those only that are in order as far as is known. */
    public @Nullable Pick pickHealthy(
            Affinity affinity, Collection<TrackedUnit> tried, long nowNanos) {
        List<TrackedUnit> healthy =
                routable.stream()
                        .filter(unit -> unit.breaker().closed() && !tried.contains(unit))
                        .toList();
        return healthy.isEmpty()
                ? null
                : new Pick(balancing.pick(healthy, affinity, nowNanos), false);
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
        String wanted =
                "service '%s' has no %s unit%s"
                        .formatted(
                                service,
                                routable.isEmpty() ? "routable" : "reachable",
                                version == null ? "" : " of version '%s'".formatted(version));
        return views.isEmpty() ? wanted : wanted + ": " + states;
    }

    /**
     * @param probe whether the request finds out about a unit that is left alone
     */
    public record Pick(TrackedUnit unit, boolean probe) {}
}
