package dev.lepton.supervisor.supervision;

import dev.lepton.client.recovery.KillCause;
import dev.lepton.client.recovery.Permit;
import dev.lepton.supervisor.recovery.UnitPolicy;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks whether the live process of a unit may be ended, again and again until it may: the registry,
 * which sees all nodes, or the node's own brake when none answers.
 */
final class Permits {

    private static final Duration ASK_AGAIN = Duration.ofSeconds(1);

    private final Standing standing;
    private final EventLoop loop;
    private final Surroundings around;

    /** How many questions are not answered yet. */
    private int pending;

    private long withdrawals;

    Permits(Standing standing, EventLoop loop, Surroundings around) {
        this.standing = standing;
        this.loop = loop;
        this.around = around;
    }

    /**
     * @param still whether the permit is still wanted
     * @param granted what then happens
     * @param refused told why it has to wait
     */
    void await(
            LiveRun live,
            KillCause cause,
            BooleanSupplier still,
            Runnable granted,
            Consumer<String> refused) {
        if (!still.getAsBoolean()) {
            return;
        }
        String unendable = live.run.unendable();
        if (unendable != null) {
            // A permit is for now: by the time that it can be used, the unit may be well.
            refused.accept(unendable);
            live.keepNextAsk(
                    loop.schedule(ASK_AGAIN, () -> await(live, cause, still, granted, refused)));
            return;
        }
        UnitPolicy policy = around.policy(standing.plan());
        long before = withdrawals;
        pending++;
        around.events()
                .permit(standing.plan(), live.run.startId(), cause, policy.maxUnavailable())
                .thenAccept(permit ->
                        loop.execute(() -> {
                            pending--;
                            // What was given back meanwhile must not be used, even if it is wanted
                            // again by now.
                            if (before != withdrawals || !still.getAsBoolean()) {
                                giveBackUnused(live, permit);
                                return;
                            }
                            if (permit == null ? grantedHere(policy) : granted(permit)) {
                                granted.run();
                            } else {
                                refused.accept(why(permit));
                                live.keepNextAsk(
                                        loop.schedule(
                                                pause(permit),
                                                () -> await(live, cause, still, granted, refused)));
                            }
                        }));
    }

    /**
     * Asks the registry, once and nobody else: where none answers there is no permit.
     *
     * @param still whether the permit is still wanted
     * @param refused told why there is none
     */
    void askOnce(
            LiveRun live,
            KillCause cause,
            BooleanSupplier still,
            Runnable granted,
            Consumer<String> refused) {
        long before = withdrawals;
        pending++;
        around.events()
                .permit(
                        standing.plan(),
                        live.run.startId(),
                        cause,
                        around.policy(standing.plan()).maxUnavailable())
                .thenAccept(permit ->
                        loop.execute(() -> {
                            pending--;
                            boolean wanted = before == withdrawals && still.getAsBoolean();
                            if (permit != null && wanted && granted(permit)) {
                                granted.run();
                                return;
                            }
                            giveBackUnused(live, permit);
                            refused.accept(
                                    permit == null
                                            ? "no registry answers that could permit it"
                                            : permit.granted()
                                                    ? "it changed while the registry was asked"
                                                    : permit.reason());
                        }));
    }

    /** What the permit was asked for is no longer so. */
    void withdraw(LiveRun live) {
        withdrawals++;
        release();
        around.events().permitUnused(standing.plan(), live.run.startId());
    }

    /**
     * The answer came too late to be used, unless something else is ending the run by now, or a
     * later question waits for the same.
     */
    private void giveBackUnused(LiveRun live, @Nullable Permit permit) {
        boolean maybeGiven = permit == null || permit.granted();
        if (maybeGiven && pending == 0 && !live.over && !live.signalled && live.cause == null) {
            around.events().permitUnused(standing.plan(), live.run.startId());
        }
    }

    void release() {
        around.brake().released(standing.plan().service().name(), standing.plan().id());
    }

    private boolean grantedHere(UnitPolicy policy) {
        UnitPlan plan = standing.plan();
        return around.brake()
                .permits(
                        plan.service().name(),
                        plan.id(),
                        plan.service().units(),
                        policy.maxUnavailable());
    }

    private boolean granted(Permit permit) {
        if (permit.granted()) {
            around.brake()
                    .permittedElsewhere(standing.plan().service().name(), standing.plan().id());
        }
        return permit.granted();
    }

    private static String why(@Nullable Permit permit) {
        return permit == null
                ? "as many others of its service on this node are being recovered as may be"
                : permit.reason();
    }

    private static Duration pause(@Nullable Permit permit) {
        return permit == null
                ? ASK_AGAIN
                : Objects.requireNonNullElse(permit.retryAfter(), ASK_AGAIN);
    }
}
