package dev.lepton.gateway.overload;

/**
 * How many requests may wait for one unit, learnt from how long they wait, as in Netflix' {@code
 * Gradient2Limit}: while answers take about as long as they usually do, the limit grows by its
 * square root; when they take longer than {@code tolerance} times that, requests queue up at the
 * unit, and the limit falls in the same proportion, at most by half. Each step goes a fifth of the
 * way.
 *
 * <p>The usual time is an exponential average over about {@value #USUAL_WINDOWS} windows, so what
 * is slow for minutes becomes usual: a limit is for overload, not for a service that has become
 * slower for good. It falls faster than it rises, and one bad minute is forgotten soon.
 *
 * @param perUnit the limit
 * @param usualNanos the usual time of an answer; 0 while none is known
 */
record GradientLimit(double perUnit, double usualNanos) {

    private static final int USUAL_WINDOWS = 600;
    private static final double SMOOTHING = 0.2;
    private static final double MOST_AT_ONCE = 0.5;
    private static final double LONG_AFTER = 2;
    private static final double FORGETTING = 0.95;

    /**
     * The limit after a window.
     *
     * @param nanos what an answer took on average
     * @param mostWaiting requests that waited at a time, of one unit on average
     * @param tolerance times the usual time that is no sign of a queue
     */
    GradientLimit next(
            double nanos, double mostWaiting, double tolerance, double least, double most) {
        double usual = usualAfter(nanos);
        if (mostWaiting < perUnit / 2) {
            // What was not tried out says nothing about how much would be too much.
            return new GradientLimit(perUnit, usual);
        }
        double gradient = Math.clamp(tolerance * usual / nanos, MOST_AT_ONCE, 1);
        double wanted = perUnit * gradient + Math.sqrt(perUnit);
        double smoothed = perUnit * (1 - SMOOTHING) + wanted * SMOOTHING;
        return new GradientLimit(Math.clamp(smoothed, least, most), usual);
    }

    private double usualAfter(double nanos) {
        if (usualNanos == 0) {
            return nanos;
        }
        double usual = usualNanos + (nanos - usualNanos) / USUAL_WINDOWS;
        return usual > LONG_AFTER * nanos ? usual * FORGETTING : usual;
    }
}
