package dev.lepton.gateway.balancing;

/**
 * A latency that rises at once with a slow answer and falls exponentially with time, as in
 * Finagle's peak EWMA: {@code cost := rtt} when {@code rtt > cost}, else {@code cost·w + rtt·(1-w)}
 * with {@code w = exp(-Δt/τ)}. A longer τ avoids a unit longer after one slow answer; a shorter one
 * tries it again sooner. Reading it between answers decays it without changing it, so that a unit
 * that nobody asks is asked again.
 *
 * @param costNanos the latency at {@code stampNanos}; 0 when nothing was observed
 */
public record PeakEwma(double costNanos, long stampNanos) {

    /**
     * Long enough to remember a slow unit, short enough that a restarted one, slow while cold, is
     * back in seconds.
     */
    private static final double TAU_NANOS = 2e9;

    public static final PeakEwma UNKNOWN = new PeakEwma(0, 0);

    public PeakEwma observe(long rttNanos, long nowNanos) {
        double rtt = Math.max(1, rttNanos);
        if (costNanos == 0 || rtt >= costNanos) {
            return new PeakEwma(rtt, nowNanos);
        }
        double weight = weight(nowNanos);
        return new PeakEwma(costNanos * weight + rtt * (1 - weight), nowNanos);
    }

    public double at(long nowNanos) {
        return costNanos == 0 ? 0 : Math.max(1, costNanos * weight(nowNanos));
    }

    private double weight(long nowNanos) {
        return Math.exp(-Math.max(0, nowNanos - stampNanos) / TAU_NANOS);
    }
}
