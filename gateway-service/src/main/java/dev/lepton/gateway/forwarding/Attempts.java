package dev.lepton.gateway.forwarding;

import dev.lepton.gateway.holding.Hold;
import dev.lepton.gateway.problem.GatewayProblem;
import dev.lepton.gateway.routing.RoutingTable;
import dev.lepton.gateway.routing.ServiceUnits;
import dev.lepton.gateway.routing.TrackedUnit;
import dev.lepton.gateway.settings.GatewaySettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * The attempts of one request, of which at most one wins. All that happens to them comes in through
 * a mailbox and is handled one at a time, so nothing here needs a lock.
 *
 * <p>An attempt that fails is followed by one at another unit when {@link RetryRule} allows. One
 * that waits too long is accompanied by another, and goes on: a request that is slow everywhere
 * still succeeds. When no unit is left to ask and one may come back, the request is held until the
 * routing table shows one; an attempt at a unit that is gone is accompanied by that wait, and given
 * up once another begins.
 */
final class Attempts {

    private static final Logger log = LoggerFactory.getLogger(Attempts.class);
    private static final int MISDIRECTED = 421;
    private static final int UNAVAILABLE = 503;
    private static final int SERVER_ERROR = 500;

    private final Dispatcher by;
    private final GatewaySettings settings;
    private final OutgoingRequest request;
    private @Nullable MonoSink<Answer> sink;
    private @Nullable Answer winner;
    private final Mailbox mailbox = new Mailbox(this::broken);
    private final Disposable.Swap deadline = Disposables.swap();
    private final Hold hold;
    private final Disposable.Swap askingAgain = Disposables.swap();
    private final Disposable.Swap expectation = Disposables.swap();
    private final Set<TrackedUnit> tried = new HashSet<>();

    /** Tried, and worth another try when the request has been held for a while. */
    private final Set<TrackedUnit> inVain = new HashSet<>();

    /** A request that breaks its second fresh connection may be what breaks them. */
    private int freshBreaks;

    private final List<Attempt> pending = new ArrayList<>();
    private volatile int begun;
    private int neverSent;
    private boolean triedSameAgain;
    private boolean over;
    private String countedAs = ForwardingMetrics.NO_SERVICE;

    Attempts(Dispatcher by, OutgoingRequest request) {
        this.by = by;
        this.settings = by.settings();
        this.request = request;
        this.hold = by.hold(request);
    }

    /** The answer of one unit, or a {@link GatewayProblem}; for one subscriber. */
    Mono<Answer> answer() {
        return Mono.create(subscriber -> {
            deadline.update(schedule(this::deadlinePassed, settings.deadline()));
            tell(() -> first(subscriber));
        });
    }

    /**
     * The request is over, because its answer was delivered, or failed, or the client went away.
     *
     * @param delivered whether the answer was read to its end
     */
    void close(boolean delivered) {
        tell(() -> {
            if (!over) {
                end(RequestOutcome.CANCELLED);
            }
            if (winner != null) {
                if (delivered) {
                    winner.attempt().judgeServed();
                } else {
                    winner.connection().dispose();
                }
                winner.attempt().end();
            }
            request.release();
        });
    }

    /** The client is about to get the head of the answer. */
    void responseBegan() {
        tell(() -> {
            if (winner != null) {
                winner.attempt().judgeServed();
            }
        });
    }

    /** The answer's connection broke before the client got a byte of it. */
    void responseBroke() {
        tell(() -> {
            if (winner != null) {
                winner.attempt().judgeFailed(by.nanoTime().getAsLong(), settings.attemptTimeout());
            }
        });
    }

    /** How many units the request was offered to. */
    int begun() {
        return begun;
    }

    private void tell(Runnable event) {
        mailbox.tell(event);
    }

    private void broken(Throwable error) {
        log.error("{}: given up, because of an error within", request.pathAndQuery(), error);
        if (over) {
            return;
        }
        try {
            end(RequestOutcome.FAILED);
        } finally {
            // The client is answered, whatever cannot be put away.
            if (sink != null) {
                sink.error(error);
            }
        }
    }

    private Disposable schedule(Runnable event, Duration delay) {
        return by.timers().schedule(() -> tell(event), delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void first(MonoSink<Answer> subscriber) {
        if (over) {
            return;
        }
        sink = subscriber;
        RoutingTable table = by.tables().current();
        ServiceUnits units = table.service(request.service());
        if (units != null) {
            countedAs = request.service();
        }
        if (units == null) {
            fail(
                    table.known()
                            ? GatewayProblem.unknownService(request.service())
                            : GatewayProblem.noFleetYet(),
                    RequestOutcome.NO_UNIT);
        } else if (!next() && !held()) {
            fail(GatewayProblem.noUnit(units.whyNoneRoutable()), RequestOutcome.NO_UNIT);
        }
    }

    /**
     * Begins an attempt at a unit that was not tried yet, if there is one and the request may have
     * another.
     */
    private boolean next() {
        return next(ServiceUnits::pick);
    }

    /** How the unit of the next attempt is chosen. */
    @FunctionalInterface
    private interface Choice {
        ServiceUnits.@Nullable Pick of(
                ServiceUnits units, Set<TrackedUnit> tried, boolean safe, long nowNanos);
    }

    private boolean next(Choice choice) {
        ServiceUnits units = by.tables().current().service(request.service());
        if (units == null || !attemptsLeft()) {
            return false;
        }
        boolean safe = request.safe(settings.replayLimit().toBytes());
        ServiceUnits.Pick pick = choice.of(units, tried, safe, by.nanoTime().getAsLong());
        if (pick == null) {
            return false;
        }
        begin(pick.unit(), pick.probe());
        pending.stream()
                .filter(attempt -> attempt.unit().isGone() && attempt.unit() != pick.unit())
                .toList()
                .forEach(this::giveUp);
        return true;
    }

    private boolean attemptsLeft() {
        return begun - neverSent < settings.maxAttempts();
    }

    private void giveUp(Attempt attempt) {
        drop(attempt);
        attempt.cancel();
    }

    private void begin(TrackedUnit unit, boolean probe) {
        hold.pause();
        stopHoldTimers();
        Attempt attempt =
                new Attempt(
                        unit,
                        probe,
                        by.nanoTime().getAsLong(),
                        gone -> tell(() -> unitGone(gone)),
                        (from, head) -> tell(() -> answered(from, head)));
        begun = begun + 1;
        tried.add(unit);
        pending.add(attempt);
        by.metrics().attempt(countedAs, begun);
        attempt.begin();
        armTimeout(attempt);
        attempt.exchange()
                .update(
                        Flux.from(by.client().send(request, attempt))
                                .subscribe(
                                        nothing -> {},
                                        error -> tell(() -> failed(attempt, error))));
    }

    private void armTimeout(Attempt attempt) {
        attempt.timer().update(schedule(() -> timedOut(attempt), settings.attemptTimeout()));
    }

    private void answered(Attempt attempt, Attempt.Head head) {
        if (!pending.contains(attempt)) {
            head.connection().dispose();
            return;
        }
        long now = by.nanoTime().getAsLong();
        int status = head.response().status().code();
        boolean notProcessed =
                status == UNAVAILABLE
                        && head.response().responseHeaders().contains(LeptonHeaders.NOT_PROCESSED);
        if (status == MISDIRECTED || notProcessed) {
            drop(attempt);
            attempt.unit().answered(now);
            attempt.judgeDeclined();
            attempt.cancel();
            goOnAfter(
                    attempt,
                    notProcessed ? Failure.NOT_PROCESSED : Failure.MISDIRECTED,
                    "unit %s answered %d 'not processed'".formatted(attempt.unit().id(), status));
            return;
        }
        drop(attempt);
        attempt.timer().dispose();
        attempt.judgeAnswer(status, now, settings.attemptTimeout());
        boolean quick = now - attempt.beganNanos() < settings.attemptTimeout().toNanos();
        for (Attempt loser : List.copyOf(pending)) {
            boolean late = now - loser.beganNanos() >= settings.attemptTimeout().toNanos();
            if (quick && late) {
                loser.judgeTimeout(now, true);
            }
        }
        if (status < SERVER_ERROR) {
            hold.served();
        }
        end(RequestOutcome.ANSWERED);
        winner = new Answer(attempt, head.response(), head.connection(), begun);
        if (sink != null) {
            sink.success(winner);
        }
    }

    private void failed(Attempt attempt, Throwable error) {
        if (!pending.contains(attempt)) {
            return;
        }
        drop(attempt);
        Failure failure = attempt.failure(error);
        if (failure == Failure.BROKEN) {
            // A connection that lay idle may have been closed meanwhile, which is nobody's fault; a
            // body that broke off is the client's.
            if (!attempt.reused() && !request.broken()) {
                attempt.judgeFailed(by.nanoTime().getAsLong(), settings.attemptTimeout());
            }
        } else if (Attempt.isRefusal(error)) {
            attempt.judgeRefused();
        }
        attempt.end();
        log.debug("{} at {}: {} ({})", request.pathAndQuery(), attempt.unit(), failure, error);
        goOnAfter(
                attempt, failure, "unit %s: %s".formatted(attempt.unit().id(), describe(failure)));
    }

    private static String describe(Failure failure) {
        return failure == Failure.NOT_SENT
                ? "no connection"
                : "the connection broke before the response";
    }

    private void timedOut(Attempt attempt) {
        if (!pending.contains(attempt)) {
            return;
        }
        if (!hold.active()) {
            // The unit has the request; it is not coming back to its place.
            hold.end();
        }
        if (!request.complete()) {
            // The client still sends the body; the unit cannot answer yet.
            armTimeout(attempt);
            return;
        }
        attempt.judgeTimeout(by.nanoTime().getAsLong(), false);
        if (maySendAgain(Failure.TIMED_OUT)) {
            next();
        }
    }

    private void unitGone(Attempt attempt) {
        if (!pending.contains(attempt)) {
            return;
        }
        if (attempt.abortUnsent()) {
            giveUp(attempt);
            goOnAfter(attempt, Failure.NOT_SENT, "unit %s is gone".formatted(attempt.unit().id()));
        } else if (maySendAgain(Failure.UNIT_GONE)
                && !next()
                && pending.stream().allMatch(p -> p.unit().isGone())) {
            held();
        }
    }

    /**
     * Waits for a unit when one may come back. Returns false when it does not, and whoever asked
     * has to say so to the client; else that is done.
     */
    private boolean held() {
        if (hold.active()) {
            return true;
        }
        if (settings.hold().requests() == 0
                || freshBreaks > 1
                || !attemptsLeft()
                || !mayRecover()) {
            return false;
        }
        return switch (hold.begin(() -> tell(this::lookAgain), () -> tell(this::heldInVain))) {
            case HELD -> {
                if (!inVain.isEmpty()) {
                    askLater();
                }
                // The table may have changed before there was a place from which to see it.
                tell(this::lookAgain);
                yield true;
            }
            case FULL -> {
                if (pending.isEmpty()) {
                    fail(
                            GatewayProblem.tooManyHeld(
                                    "%s; %d requests wait for one, more may not"
                                            .formatted(whyNone(), settings.hold().requests())),
                            RequestOutcome.NO_UNIT);
                }
                yield true;
            }
            case SPENT -> false;
        };
    }

    private boolean mayRecover() {
        ServiceUnits units = by.tables().current().service(request.service());
        // One that can be asked has come into the table since it was looked for.
        return units != null
                && (returnExpectedForNanos(units) > 0
                        || !tried.containsAll(units.routable())
                        || (!inVain.isEmpty() && units.supervised()));
    }

    private long returnExpectedForNanos(ServiceUnits units) {
        return units.returnExpectedForNanos(
                by.nanoTime().getAsLong(), settings.hold().expectReturn());
    }

    /** What was expected without a word of it may be expected no longer. */
    private void awaitExpectation() {
        ServiceUnits units = by.tables().current().service(request.service());
        long nanos = units == null ? 0 : returnExpectedForNanos(units);
        if (nanos > 0 && nanos < Long.MAX_VALUE) {
            expectation.update(schedule(this::expectationOver, Duration.ofNanos(nanos)));
        } else {
            expectation.update(Disposables.disposed());
        }
    }

    /** Looks for no unit: when one has come up meanwhile, the request is called in its turn. */
    private void expectationOver() {
        if (hold.active() && !mayRecover()) {
            endHold();
            noUnitCame();
        }
    }

    private void lookAgain() {
        // The unit that is gone may have gone on reading a body which cannot be repeated any more.
        boolean goesOn = hold.active() && request.replayable() && (next() || mayRecover());
        if (!hold.active()) {
            return;
        }
        if (goesOn) {
            awaitExpectation();
            hold.looked();
        } else {
            endHold();
            noUnitCame();
        }
    }

    /** Their state may be told late or never; so they are asked whether they are there again. */
    private void askAgain() {
        if (!hold.active()) {
            return;
        }
        Set<TrackedUnit> again = Set.copyOf(inVain);
        tried.removeAll(again);
        if (request.replayable() && next(ServiceUnits::pickWilling)) {
            inVain.clear();
        } else {
            tried.addAll(again);
            lookAgain();
            if (hold.active()) {
                askLater();
            }
        }
    }

    private void askLater() {
        askingAgain.update(schedule(this::askAgain, by.jittered(settings.breaker().refused())));
    }

    private void heldInVain() {
        if (hold.active() && !pending.isEmpty()) {
            // A unit still has the request; the deadline is what ends that wait.
            hold.renew(() -> tell(this::heldInVain));
        } else if (hold.active()) {
            hold.expire();
            endHold();
            noUnitCame();
        }
    }

    private void noUnitCame() {
        if (pending.isEmpty()) {
            fail(GatewayProblem.noUnit(whyNone() + heldFor()), RequestOutcome.NO_UNIT);
        }
    }

    private void endHold() {
        hold.end();
        stopHoldTimers();
    }

    private void stopHoldTimers() {
        askingAgain.update(Disposables.disposed());
        expectation.update(Disposables.disposed());
    }

    private String whyNone() {
        ServiceUnits units = by.tables().current().service(request.service());
        return units == null
                ? "service '%s' has no unit any more".formatted(request.service())
                : units.whyNoneRoutable();
    }

    private String heldFor() {
        return hold.used() ? "; held for %d ms".formatted(hold.soFar().toMillis()) : "";
    }

    private void deadlinePassed() {
        if (hold.active() && pending.isEmpty()) {
            heldInVain();
            return;
        }
        long now = by.nanoTime().getAsLong();
        if (request.complete()) {
            // Else the unit waits as well, for the rest of the body.
            pending.forEach(attempt -> attempt.judgeTimeout(now, false));
        }
        fail(GatewayProblem.deadline(settings.deadline()), RequestOutcome.DEADLINE);
    }

    private void goOnAfter(Attempt attempt, Failure failure, String detail) {
        if (failure == Failure.NOT_SENT) {
            neverSent++;
        }
        if (worthAnotherTry(attempt, failure)) {
            inVain.add(attempt.unit());
        }
        boolean again = maySendAgain(failure);
        if (again && next()) {
            return;
        }
        if (!pending.isEmpty()) {
            if (again && pending.stream().allMatch(p -> p.unit().isGone())) {
                held();
            }
            return;
        }
        if (again && hold.active()) {
            // It was accompanied until now; the wait for another unit begins here.
            hold.renew(() -> tell(this::heldInVain));
            return;
        }
        if (again && trySameAgain(attempt, failure)) {
            return;
        }
        if (again && held()) {
            return;
        }
        fail(problem(failure, detail), RequestOutcome.FAILED);
    }

    /**
     * A connection that had gone stale says nothing about its unit; when no other unit is left,
     * that one gets a fresh one.
     */
    private boolean trySameAgain(Attempt attempt, Failure failure) {
        boolean stale =
                attempt.reused() && (failure == Failure.BROKEN || failure == Failure.NOT_SENT);
        ServiceUnits units = by.tables().current().service(request.service());
        if (!stale
                || triedSameAgain
                || units == null
                || !units.routable().contains(attempt.unit())
                || !attemptsLeft()) {
            return false;
        }
        triedSameAgain = true;
        by.client().forget(attempt.unit().address());
        begin(attempt.unit(), false);
        return true;
    }

    /** A process that died breaks its connections first, and refuses the next one. */
    private boolean worthAnotherTry(Attempt attempt, Failure failure) {
        return switch (failure) {
            case NOT_SENT, NOT_PROCESSED, MISDIRECTED -> true;
            case BROKEN -> attempt.reused() || ++freshBreaks == 1;
            case TIMED_OUT, UNIT_GONE -> false;
        };
    }

    private boolean maySendAgain(Failure failure) {
        return RetryRule.maySendAgain(failure, request.idempotent(), request.replayable());
    }

    private GatewayProblem problem(Failure failure, String detail) {
        String text =
                "service '%s', after %d attempts; %s%s"
                        .formatted(request.service(), begun, detail, heldFor());
        return switch (failure) {
            case NOT_SENT, NOT_PROCESSED, MISDIRECTED -> GatewayProblem.noUnit(text);
            case BROKEN, TIMED_OUT, UNIT_GONE ->
                    maySendAgain(failure)
                            ? GatewayProblem.attemptsSpent(text)
                            : GatewayProblem.sentAndFailed(text);
        };
    }

    private void drop(Attempt attempt) {
        pending.remove(attempt);
    }

    private void fail(GatewayProblem problem, RequestOutcome outcome) {
        if (!over) {
            end(outcome);
            if (sink != null) {
                sink.error(problem);
            }
        }
    }

    private void end(RequestOutcome outcome) {
        over = true;
        endHold();
        deadline.dispose();
        pending.forEach(Attempt::cancel);
        pending.clear();
        by.metrics().ended(countedAs, outcome);
    }
}
