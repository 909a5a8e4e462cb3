package dev.lepton.gateway.forwarding;

import dev.lepton.gateway.latency.RecentLatencies;
import dev.lepton.gateway.overload.ServiceLoad;
import dev.lepton.gateway.problem.GatewayProblem;
import dev.lepton.gateway.routing.RoutingTable;
import dev.lepton.gateway.routing.ServiceUnits;
import dev.lepton.gateway.routing.TrackedUnit;
import dev.lepton.gateway.service.Experience;
import dev.lepton.gateway.settings.GatewaySettings;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;

/**
 * The attempts of one request, of which at most one wins. All that happens to them comes in through
 * a mailbox and is handled one at a time on the event loop of the client's connection, so nothing
 * here needs a lock.
 *
 * <p>An attempt that fails is followed by one at another unit when {@link RetryRule} allows. One
 * that waits too long is accompanied by another, and goes on: a request that is slow everywhere
 * still succeeds. An answer that tells of trouble is kept while another unit is asked, and given
 * when that has no better one. When no unit is left to ask and one may come back, the request is
 * held until the routing table shows one; an attempt at a unit that is gone is accompanied by that
 * wait, and given up once another begins.
 */
final class Attempts {

    private static final Logger log = LoggerFactory.getLogger(Attempts.class);
    private static final int MISDIRECTED = 421;
    private static final int UNAVAILABLE = 503;
    private static final int SERVER_ERROR = 500;

    private final Dispatcher by;
    private final GatewaySettings settings;
    private final OutgoingRequest request;
    private @Nullable Sender sender;
    private @Nullable Answer winner;

    /** An answer that is given when no better one comes. */
    private @Nullable Kept kept;

    private long beganNanos;
    private final Mailbox mailbox;
    private final Disposable.Swap deadline = Disposables.swap();
    private final Candidates candidates;
    private final Wait wait;
    private final List<Attempt> pending = new ArrayList<>(2);
    private boolean over;
    private boolean closed;
    private String countedAs = ForwardingMetrics.NO_SERVICE;

    Attempts(Dispatcher by, OutgoingRequest request) {
        this.by = by;
        this.settings = by.settings();
        this.request = request;
        this.mailbox = new Mailbox(request.loop(), this::broken);
        this.candidates = new Candidates(by, request);
        this.wait = new Wait(this, candidates, by, request);
    }

    private record Kept(Attempt attempt, Attempt.Head head) {}

    /**
     * Who sends the request, and is told once how it went, on the event loop of the client's
     * connection; not at all when it was closed before.
     */
    interface Sender {

        void answered(Answer answer);

        void failed(Throwable problem);
    }

    /** Once. The sender gets the answer of one unit, or a {@link GatewayProblem}. */
    void begin(Sender from) {
        beganNanos = by.nanoTime().getAsLong();
        deadline.update(schedule(this::deadlinePassed, request.deadline()));
        tell(() -> first(from));
    }

    /**
     * The request is over, because its answer was delivered, or failed, or the client went away.
     * What is told first holds.
     *
     * @param delivered whether the answer was read to its end
     */
    void close(boolean delivered) {
        tell(() -> {
            if (closed) {
                return;
            }
            closed = true;
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
        return candidates.offered();
    }

    /** Has it handled in turn with all that happens to the attempts. */
    void tell(Runnable event) {
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
            if (sender != null) {
                sender.failed(error);
            }
        }
    }

    Disposable schedule(Runnable event, Duration delay) {
        // Of the loop, where neither setting nor stopping one costs a lock or wakes a thread.
        Future<?> timer =
                request.loop().schedule(() -> tell(event), delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> timer.cancel(false);
    }

    private void first(Sender from) {
        if (over) {
            return;
        }
        sender = from;
        RoutingTable table = by.tables().current();
        ServiceUnits units = table.service(request.service(), request.affinity());
        if (units == null) {
            fail(
                    table.known()
                            ? GatewayProblem.unknownService(request.service())
                            : GatewayProblem.noFleetYet(),
                    RequestOutcome.NO_UNIT);
            return;
        }
        countedAs = request.service();
        if (!load().admits(request.priority(), unitsOfTheService())) {
            fail(overloaded(), RequestOutcome.OVERLOADED);
            return;
        }
        // Only now: what is refused must not pay for more attempts at a service that has too much.
        experience().budget().requestCame();
        if (!next() && !wait.begin()) {
            fail(GatewayProblem.noUnit(units.whyNoneRoutable()), RequestOutcome.NO_UNIT);
        }
    }

    private Experience experience() {
        return by.experiences().with(countedAs);
    }

    private ServiceLoad load() {
        return experience().load();
    }

    private GatewayProblem overloaded() {
        ServiceLoad load = load();
        return GatewayProblem.overloaded(
                "service '%s' is overloaded: %d requests wait for its %d units, of %d that may"
                        .formatted(
                                countedAs,
                                load.waiting(),
                                unitsOfTheService(),
                                load.limit(unitsOfTheService())));
    }

    /** Of any version: what waits for one waits in the same queue. */
    private int unitsOfTheService() {
        ServiceUnits all = by.tables().current().service(request.service());
        return all == null ? 0 : all.routable().size();
    }

    /**
     * Begins an attempt at a unit that was not tried yet, if there is one and the request may have
     * another.
     */
    boolean next() {
        return begin(candidates.next());
    }

    /** The same at a unit that did not take the request before. */
    boolean again() {
        return begin(candidates.again());
    }

    private boolean begin(ServiceUnits.@Nullable Pick pick) {
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

    private void giveUp(Attempt attempt) {
        drop(attempt);
        attempt.cancel();
    }

    private void begin(TrackedUnit unit, boolean probe) {
        wait.pause();
        Attempt attempt =
                new Attempt(
                        unit,
                        probe,
                        by.nanoTime().getAsLong(),
                        this::millisLeft,
                        load(),
                        gone -> tell(() -> unitGone(gone)),
                        (from, head) -> tell(() -> answered(from, head)));
        candidates.offer(unit);
        pending.add(attempt);
        by.metrics().attempt(countedAs, candidates.offered());
        attempt.begin();
        if (candidates.offered() == 1) {
            armHedge(attempt);
        } else {
            armTimeout(attempt);
        }
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

    /** The timer of the attempt's timeout is set by that of the hedge, so that one is enough. */
    private void armHedge(Attempt attempt) {
        long usual =
                request.hedgeable()
                        ? experience().latencies().quantileNanos(attempt.beganNanos())
                        : RecentLatencies.UNKNOWN;
        Duration patience =
                Duration.ofNanos(Math.max(usual, settings.hedge().minDelay().toNanos()));
        Duration rest = settings.attemptTimeout().minus(patience);
        if (usual == RecentLatencies.UNKNOWN || !rest.isPositive()) {
            armTimeout(attempt);
            return;
        }
        attempt.timer()
                .update(
                        schedule(
                                () -> {
                                    if (pending.contains(attempt)) {
                                        attempt.timer()
                                                .update(schedule(() -> timedOut(attempt), rest));
                                        hedge();
                                    }
                                },
                                patience));
    }

    private void hedge() {
        if (candidates.offered() == 1 && request.complete() && begin(candidates.hedge())) {
            by.metrics().hedge(countedAs);
        }
    }

    private long millisLeft() {
        long passed = by.nanoTime().getAsLong() - beganNanos;
        return Math.max(0, request.deadline().minusNanos(passed).toMillis());
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
        if (tellsOfTrouble(status) && (next() || anotherMayAnswer(now))) {
            keep(new Kept(attempt, head));
            return;
        }
        boolean quick = now - attempt.beganNanos() < settings.attemptTimeout().toNanos();
        for (Attempt loser : List.copyOf(pending)) {
            boolean late = now - loser.beganNanos() >= settings.attemptTimeout().toNanos();
            if (quick && late) {
                loser.judgeTimeout(now, true);
            } else {
                loser.judgeOvertaken(now);
            }
        }
        if (status < SERVER_ERROR) {
            wait.served();
            experience().latencies().record(now - beganNanos, now);
            load().answered(now - attempt.beganNanos(), unitsOfTheService(), now);
        }
        win(attempt, head);
    }

    private boolean tellsOfTrouble(int status) {
        return settings.retryStatuses().contains(status)
                && RetryRule.isRead(request.method().name())
                && request.replayable();
    }

    /** One that has waited longer than a timeout is as good as silent. */
    private boolean anotherMayAnswer(long nowNanos) {
        long timeout = settings.attemptTimeout().toNanos();
        return pending.stream()
                .anyMatch(p -> !p.unit().isGone() && nowNanos - p.beganNanos() < timeout);
    }

    private void keep(Kept answer) {
        discardKept();
        kept = answer;
    }

    private void discardKept() {
        if (kept != null) {
            kept.attempt().cancel();
            kept = null;
        }
    }

    /** Gives the client the answer that was kept, if there is one. */
    private boolean giveKept() {
        Kept answer = kept;
        if (answer == null) {
            return false;
        }
        kept = null;
        win(answer.attempt(), answer.head());
        return true;
    }

    private void win(Attempt attempt, Attempt.Head head) {
        end(RequestOutcome.ANSWERED);
        winner = new Answer(attempt, head.response(), head.connection(), candidates.offered());
        if (sender != null) {
            sender.answered(winner);
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
        if (!wait.active()) {
            // The unit has the request; it is not coming back to its place.
            wait.end();
        }
        if (!request.complete()) {
            // The client still sends the body; the unit cannot answer yet.
            armTimeout(attempt);
            return;
        }
        attempt.judgeTimeout(by.nanoTime().getAsLong(), false);
        if (!(maySendAgain(Failure.TIMED_OUT) && next())
                && !anotherMayAnswer(by.nanoTime().getAsLong())) {
            giveKept();
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
            giveKeptOrWait();
        }
    }

    private void giveKeptOrWait() {
        if (!giveKept()) {
            wait.begin();
        }
    }

    private void deadlinePassed() {
        if (wait.active() && pending.isEmpty()) {
            wait.inVain();
            return;
        }
        long now = by.nanoTime().getAsLong();
        if (request.complete()) {
            // Else the unit waits as well, for the rest of the body.
            pending.forEach(attempt -> attempt.judgeTimeout(now, false));
        }
        fail(GatewayProblem.deadline(request.deadline()), RequestOutcome.DEADLINE);
    }

    private void goOnAfter(Attempt attempt, Failure failure, String detail) {
        candidates.failed(attempt, failure);
        boolean again = maySendAgain(failure);
        if (again && next()) {
            return;
        }
        if (!pending.isEmpty()) {
            if (again && pending.stream().allMatch(p -> p.unit().isGone())) {
                giveKeptOrWait();
            }
            return;
        }
        if (giveKept()) {
            return;
        }
        if (again && wait.active()) {
            wait.renew();
            return;
        }
        if (again && candidates.takeSameAgain(attempt, failure)) {
            if (!attempt.poolEnded()) {
                by.client().forget(attempt.unit().address());
            }
            begin(attempt.unit(), false);
            return;
        }
        if (again && wait.begin()) {
            return;
        }
        fail(problem(failure, detail), RequestOutcome.FAILED);
    }

    private boolean maySendAgain(Failure failure) {
        return RetryRule.maySendAgain(failure, request.repeatable(), request.replayable());
    }

    private GatewayProblem problem(Failure failure, String detail) {
        String text =
                "service '%s', after %d attempts; %s%s%s"
                        .formatted(
                                request.service(),
                                candidates.offered(),
                                detail,
                                candidates.budgetSpent() ? "; " + candidates.whyNone() : "",
                                wait.heldFor());
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

    boolean anyPending() {
        return !pending.isEmpty();
    }

    /** No unit has the request, and none came. */
    void failUnlessPending(GatewayProblem problem) {
        if (pending.isEmpty()) {
            fail(problem, RequestOutcome.NO_UNIT);
        }
    }

    private void fail(GatewayProblem problem, RequestOutcome outcome) {
        if (!over && !giveKept()) {
            end(outcome);
            if (sender != null) {
                sender.failed(problem);
            }
        }
    }

    private void end(RequestOutcome outcome) {
        over = true;
        wait.end();
        deadline.dispose();
        discardKept();
        pending.forEach(Attempt::cancel);
        pending.clear();
        by.metrics().ended(countedAs, outcome);
    }
}
