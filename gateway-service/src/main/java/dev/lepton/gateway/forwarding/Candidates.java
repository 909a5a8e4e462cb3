package dev.lepton.gateway.forwarding;

import dev.lepton.gateway.balancing.Affinity;
import dev.lepton.gateway.budget.RetryBudget;
import dev.lepton.gateway.routing.ServiceUnits;
import dev.lepton.gateway.routing.TrackedUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The units that one request was offered to, what came of it, and which one is next. For the
 * mailbox of its attempts.
 */
final class Candidates {

    private static final int MOST_POOL_ENDS = 3;
    private static final int FEW = 2;

    private final Dispatcher by;
    private final OutgoingRequest request;

    /** One of a few, like all of them. */
    private final List<TrackedUnit> tried = new ArrayList<>(FEW);

    /** Tried, and worth another try when the request has been held for a while. */
    private List<TrackedUnit> inVain = List.of();

    /** A request that breaks its second fresh connection may be what breaks them. */
    private int freshBreaks;

    private volatile int offered;

    /** That the request was sent to, as far as is known; one of a few. */
    private final List<TrackedUnit> sentTo = new ArrayList<>(FEW);

    private boolean sameTaken;
    private int poolEnds;

    /** What has become slow is not helped by being asked once more a little later. */
    private boolean budgetSpent;

    Candidates(Dispatcher by, OutgoingRequest request) {
        this.by = by;
        this.request = request;
    }

    /** How many units the request was offered to; for any thread. */
    int offered() {
        return offered;
    }

    @Nullable ServiceUnits units() {
        return by.tables().current().service(request.service(), request.affinity());
    }

    /** Whether the request may have another attempt. */
    boolean attemptsLeft() {
        return !budgetSpent && sentTo.size() < by.settings().maxAttempts();
    }

    /** Whether it is over because the retry budget of its service is. */
    boolean budgetSpent() {
        return budgetSpent;
    }

    boolean breaksConnections() {
        return freshBreaks > 1;
    }

    boolean someInVain() {
        return !inVain.isEmpty();
    }

    /** How the unit of the next attempt is chosen. */
    @FunctionalInterface
    private interface Choice {
        ServiceUnits.@Nullable Pick of(
                ServiceUnits units,
                Affinity affinity,
                Collection<TrackedUnit> tried,
                boolean safe,
                long nowNanos);
    }

    /** One that was not tried yet, if there is one and the request may have another attempt. */
    ServiceUnits.@Nullable Pick next() {
        return choose(ServiceUnits::pick);
    }

    /** One that did not take the request before, when it may do so by now. */
    ServiceUnits.@Nullable Pick again() {
        List<TrackedUnit> again = inVain;
        tried.removeAll(again);
        ServiceUnits.Pick pick = choose(ServiceUnits::pickWilling);
        if (pick == null) {
            tried.addAll(again);
        } else {
            inVain = List.of();
        }
        return pick;
    }

    /** One to ask besides the unit that has the request and is as well as any. */
    ServiceUnits.@Nullable Pick hedge() {
        ServiceUnits units = units();
        if (units == null || !attemptsLeft() || !budget().trySpendHedge()) {
            return null;
        }
        ServiceUnits.Pick pick =
                units.pickHealthy(request.affinity(), tried, by.nanoTime().getAsLong());
        if (pick == null) {
            budget().giveBackHedge();
        }
        return pick;
    }

    private ServiceUnits.@Nullable Pick choose(Choice choice) {
        ServiceUnits units = units();
        if (units == null || !attemptsLeft()) {
            return null;
        }
        if (!spend()) {
            return null;
        }
        boolean safe = request.safe(by.settings().replayLimit().toBytes());
        ServiceUnits.Pick pick =
                choice.of(units, request.affinity(), tried, safe, by.nanoTime().getAsLong());
        if (pick == null && !sentTo.isEmpty()) {
            budget().giveBack();
        }
        return pick;
    }

    private RetryBudget budget() {
        return by.experiences().with(request.service()).budget();
    }

    /**
     * Whether the budget has another attempt; the first that is sent costs nothing. A unit that is
     * known to be gone has done nothing for the request and is not asked again: what it had is sent
     * elsewhere even when that is much (P11), and other requests have less.
     */
    private boolean spend() {
        if (sentTo.isEmpty()) {
            return true;
        }
        if (sentTo.stream().allMatch(TrackedUnit::isGone)) {
            budget().overdraw();
            return true;
        }
        budgetSpent = !budget().trySpend();
        if (budgetSpent) {
            by.metrics().retryRefused(request.service());
        }
        return !budgetSpent;
    }

    /** The request is offered to a unit. */
    void offer(TrackedUnit unit) {
        offered = offered + 1;
        if (!tried.contains(unit)) {
            tried.add(unit);
        }
        sentTo.add(unit);
    }

    void failed(Attempt attempt, Failure failure) {
        if (failure == Failure.NOT_SENT) {
            sentTo.remove(attempt.unit());
        }
        if (worthAnotherTry(attempt, failure) && !inVain.contains(attempt.unit())) {
            inVain = Stream.concat(inVain.stream(), Stream.of(attempt.unit())).toList();
        }
    }

    /** A process that died breaks its connections first, and refuses the next one. */
    private boolean worthAnotherTry(Attempt attempt, Failure failure) {
        return switch (failure) {
            case NOT_SENT, NOT_PROCESSED, MISDIRECTED -> true;
            case BROKEN -> attempt.reused() || ++freshBreaks == 1;
            case TIMED_OUT, UNIT_GONE -> false;
        };
    }

    /**
     * Whether the unit of a failed attempt gets the request once more, which it does once: a
     * connection that had gone stale says nothing about its unit. Nor does a pool that another
     * request ended, which may happen a few times.
     */
    boolean takeSameAgain(Attempt attempt, Failure failure) {
        ServiceUnits units = units();
        if (units == null || !units.routable().contains(attempt.unit()) || !attemptsLeft()) {
            return false;
        }
        if (attempt.poolEnded()) {
            return ++poolEnds <= MOST_POOL_ENDS;
        }
        boolean stale =
                attempt.reused() && (failure == Failure.BROKEN || failure == Failure.NOT_SENT);
        if (!stale || sameTaken || !spend()) {
            return false;
        }
        sameTaken = true;
        return true;
    }

    /** Whether it makes sense to wait for a unit. */
    boolean mayComeBack() {
        ServiceUnits units = units();
        // One that can be asked has come into the table since it was looked for.
        return units != null
                && attemptsLeft()
                && (returnExpectedForNanos() > 0
                        || !tried.containsAll(units.routable())
                        || (someInVain() && units.supervised()));
    }

    /** As the units of the service say. */
    long returnExpectedForNanos() {
        ServiceUnits units = units();
        return units == null
                ? 0
                : units.returnExpectedForNanos(
                        by.nanoTime().getAsLong(), by.settings().hold().expectReturn());
    }

    /** Why there is none, for people. */
    String whyNone() {
        if (budgetSpent) {
            return "not sent again, because the retry budget of service '%s' is spent"
                    .formatted(request.service());
        }
        ServiceUnits units = units();
        return units == null
                ? "service '%s' has no unit any more".formatted(request.service())
                : units.whyNoneRoutable();
    }
}
