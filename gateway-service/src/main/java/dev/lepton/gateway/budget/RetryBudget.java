package dev.lepton.gateway.budget;

import dev.lepton.gateway.settings.GatewaySettings.RetryBudgetSettings;
import java.util.function.LongSupplier;

/**
 * What one service's requests may cost beyond one attempt each: in every ten seconds a share of the
 * requests that came in them, and a fixed reserve, which lets a service with few requests fail over
 * at all. So a service that has become slow gets little more than what it is asked, instead of
 * three times as much. (Finagle's {@code RetryBudget} has the same rule, by a bucket of tokens;
 * counting keeps the promise for each window exactly.)
 *
 * <p>Hedges come out of it too, and are a smaller share by themselves.
 */
public final class RetryBudget {

    static final int WINDOW_SECONDS = 10;

    private final RetryBudgetSettings settings;
    private final double hedgeRatio;
    private final LongSupplier nanoTime;
    private final SecondCounts offered = new SecondCounts();
    private final SecondCounts spent = new SecondCounts();
    private final SecondCounts hedges = new SecondCounts();

    /**
     * @param hedgeRatio hedges, of the requests
     */
    public RetryBudget(RetryBudgetSettings settings, double hedgeRatio, LongSupplier nanoTime) {
        this.settings = settings;
        this.hedgeRatio = hedgeRatio;
        this.nanoTime = nanoTime;
    }

    /** A request came, and was let in. */
    public void requestCame() {
        offered.add(second(), 1);
    }

    /** Takes one more attempt out of it; false when there is none. */
    public synchronized boolean trySpend() {
        return trySpend(second());
    }

    /** Takes a hedge out of it; false when there is none. */
    public synchronized boolean trySpendHedge() {
        long now = second();
        long allowed = (long) (hedgeRatio * offered.sum(now, WINDOW_SECONDS));
        if (hedges.sum(now, WINDOW_SECONDS + 1) >= allowed || !trySpend(now)) {
            return false;
        }
        hedges.add(now, 1);
        return true;
    }

    private boolean trySpend(long now) {
        if (left(now) <= 0) {
            return false;
        }
        spent.add(now, 1);
        return true;
    }

    /** Below 0 when it was overdrawn. */
    private long left(long now) {
        // Before the present second ten whole ones count as spent and nine as offered: the window
        // ends within this second, and is never judged by more than came in it.
        long allowed =
                (long) (settings.ratio() * offered.sum(now, WINDOW_SECONDS))
                        + (long) settings.perSecond() * WINDOW_SECONDS;
        return allowed - spent.sum(now, WINDOW_SECONDS + 1);
    }

    /** Attempts beyond the first that it has for now. */
    public synchronized long left() {
        return Math.max(0, left(second()));
    }

    /** Takes one more attempt out of it, whether there is one or not. */
    public synchronized void overdraw() {
        spent.add(second(), 1);
    }

    /** An attempt that was taken out of it is not made. */
    public synchronized void giveBack() {
        spent.add(second(), -1);
    }

    /** A hedge that was taken out of it is not made. */
    public synchronized void giveBackHedge() {
        giveBack();
        hedges.add(second(), -1);
    }

    /** Requests of the last ten seconds. */
    public long offered() {
        return offered.sum(second(), WINDOW_SECONDS);
    }

    /** Attempts beyond the first of the last ten seconds. */
    public long spent() {
        return spent.sum(second(), WINDOW_SECONDS + 1);
    }

    /** The hedges among them. */
    public long hedges() {
        return hedges.sum(second(), WINDOW_SECONDS + 1);
    }

    private long second() {
        return Math.floorDiv(nanoTime.getAsLong(), 1_000_000_000L);
    }
}
