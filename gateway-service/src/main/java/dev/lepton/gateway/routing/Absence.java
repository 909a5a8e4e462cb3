package dev.lepton.gateway.routing;

import dev.lepton.client.desired.Desired;
import dev.lepton.client.desired.DesiredRun;
import dev.lepton.client.unit.UnitState;
import dev.lepton.client.unit.UnitView;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A unit that takes no requests and may come back. Sometimes that is said; but a restart in order
 * looks like a stop until the next start registers, and an end that the policy leaves alone like
 * one that it does not, so there only time tells.
 *
 * @param since by the registry's clock, to tell one absence from the next
 * @param seenNanos when this gateway has seen it first
 */
public record Absence(UnitState state, long incarnation, Instant since, long seenNanos) {

    /**
     * The absence of a unit; null when it is not away, or is not to come back.
     *
     * @param earlier that of the table before
     * @param served whether the table before had this start among those that have requests
     */
    static @Nullable Absence of(
            UnitView view,
            @Nullable Desired desired,
            @Nullable Absence earlier,
            boolean served,
            long nowNanos) {
        boolean goesOn = earlier != null && earlier.isOf(view);
        if (!mayReturn(view, served || goesOn) || isToStop(desired)) {
            return null;
        }
        return goesOn
                ? earlier
                : new Absence(view.state(), view.incarnation(), view.since(), nowNanos);
    }

    private static boolean mayReturn(UnitView view, boolean served) {
        boolean supervised = view.node() != null;
        return switch (view.state()) {
            case STARTING, RECOVERING -> true;
            case DOWN, DRAINING -> supervised;
            case STOPPED -> supervised && served;
            case UP, SUSPECT, QUARANTINED -> false;
        };
    }

    private static boolean isToStop(@Nullable Desired desired) {
        return desired != null && desired.run() == DesiredRun.STOP;
    }

    private boolean isOf(UnitView view) {
        return state == view.state()
                && incarnation == view.incarnation()
                && since.equals(view.since());
    }

    /**
     * For how long the unit is still to be expected; without end when it is said to come.
     *
     * @param unsaid for how long one is that nobody has said so of
     */
    long expectedForNanos(long nowNanos, Duration unsaid) {
        return switch (state) {
            case STARTING, RECOVERING -> Long.MAX_VALUE;
            case DOWN, DRAINING, STOPPED, UP, SUSPECT, QUARANTINED ->
                    Math.max(0, seenNanos + unsaid.toNanos() - nowNanos);
        };
    }
}
