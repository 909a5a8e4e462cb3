package dev.lepton.gateway.forwarding;

import dev.lepton.gateway.holding.Hold;
import dev.lepton.gateway.problem.GatewayProblem;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/**
 * The wait of one request for a unit to come back: when it begins, what is asked meanwhile, and
 * what ends it. For the mailbox of its attempts; most requests never wait, so nothing is made
 * before one does.
 */
final class Wait {

    private final Attempts attempts;
    private final Candidates candidates;
    private final Dispatcher by;
    private final OutgoingRequest request;
    private @Nullable Hold hold;
    private @Nullable Disposable askingAgain;
    private @Nullable Disposable expectation;

    Wait(Attempts attempts, Candidates candidates, Dispatcher by, OutgoingRequest request) {
        this.attempts = attempts;
        this.candidates = candidates;
        this.by = by;
        this.request = request;
    }

    boolean active() {
        return hold != null && hold.active();
    }

    /**
     * Waits for a unit when one may come back. Returns false when it does not, and whoever asked
     * has to say so to the client; else that is done.
     */
    boolean begin() {
        if (active()) {
            return true;
        }
        if (by.settings().hold().requests() == 0
                || candidates.breaksConnections()
                || !candidates.mayComeBack()) {
            return false;
        }
        if (hold == null) {
            hold = by.hold(request);
        }
        return switch (hold.begin(() -> attempts.tell(this::lookAgain), this::tellEnd)) {
            case HELD -> {
                if (candidates.someInVain()) {
                    askLater();
                }
                // The table may have changed before there was a place from which to see it.
                attempts.tell(this::lookAgain);
                yield true;
            }
            case FULL -> {
                attempts.failUnlessPending(
                        GatewayProblem.tooManyHeld(
                                "%s; %d requests wait for one, more may not"
                                        .formatted(
                                                candidates.whyNone(),
                                                by.settings().hold().requests())));
                yield true;
            }
            case SPENT -> false;
        };
    }

    private void lookAgain() {
        if (!active()) {
            return;
        }
        // The unit that is gone may have gone on reading a body which cannot be repeated any more.
        boolean goesOn = request.replayable() && (attempts.next() || candidates.mayComeBack());
        if (!active()) {
            return;
        }
        if (goesOn) {
            awaitExpectation();
            looked();
        } else {
            end();
            noUnitCame();
        }
    }

    private void looked() {
        if (hold != null) {
            hold.looked();
        }
    }

    /** What was expected without a word of it may be expected no longer. */
    private void awaitExpectation() {
        dispose(expectation);
        long nanos = candidates.returnExpectedForNanos();
        if (nanos > 0 && nanos < Long.MAX_VALUE) {
            expectation = attempts.schedule(this::expectationOver, Duration.ofNanos(nanos));
        }
    }

    /** Looks for no unit: when one has come up meanwhile, the request is called in its turn. */
    private void expectationOver() {
        if (active() && !candidates.mayComeBack()) {
            end();
            noUnitCame();
        }
    }

    /** Their state may be told late or never; so they are asked whether they are there again. */
    private void askAgain() {
        if (active() && !(request.replayable() && attempts.again())) {
            lookAgain();
            if (active()) {
                askLater();
            }
        }
    }

    private void askLater() {
        dispose(askingAgain);
        askingAgain =
                attempts.schedule(this::askAgain, by.jittered(by.settings().breaker().refused()));
    }

    /** An attempt that it accompanied is over; the wait for another unit begins here. */
    void renew() {
        if (hold != null) {
            hold.renew(this::tellEnd);
        }
    }

    private void tellEnd(int timed) {
        attempts.tell(() -> {
            if (hold != null && hold.active(timed)) {
                inVain();
            }
        });
    }

    /** It has lasted as long as it may. */
    void inVain() {
        if (hold == null || !hold.active()) {
            return;
        }
        if (attempts.anyPending()) {
            // A unit still has the request; the deadline is what ends that wait.
            renew();
        } else {
            hold.expire();
            end();
            noUnitCame();
        }
    }

    private void noUnitCame() {
        attempts.failUnlessPending(GatewayProblem.noUnit(candidates.whyNone() + heldFor()));
    }

    /** An attempt begins; when it is in vain the request comes back to its place. */
    void pause() {
        if (hold != null) {
            hold.pause();
            stopTimers();
        }
    }

    /** A unit has answered as it should. */
    void served() {
        if (hold != null) {
            hold.served();
        }
    }

    /** Also when it never began. */
    void end() {
        if (hold != null) {
            hold.end();
            stopTimers();
        }
    }

    private void stopTimers() {
        dispose(askingAgain);
        dispose(expectation);
    }

    private static void dispose(@Nullable Disposable timer) {
        if (timer != null) {
            timer.dispose();
        }
    }

    /** How long it was, for people; empty when it never began. */
    String heldFor() {
        return hold != null && hold.used()
                ? "; held for %d ms".formatted(hold.soFar().toMillis())
                : "";
    }
}
