package dev.lepton.gateway.latency;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** The latencies of all services that had requests. */
public final class ServiceLatencies {

    private final double quantile;
    private final LongSupplier nanoTime;
    private final Map<String, RecentLatencies> byService = new ConcurrentHashMap<>();

    /**
     * @param quantile that is asked for, above 0 and below 1
     */
    public ServiceLatencies(double quantile, LongSupplier nanoTime) {
        this.quantile = quantile;
        this.nanoTime = nanoTime;
    }

    /**
     * @param service one that exists: a name is kept for ever
     */
    public RecentLatencies of(String service) {
        return byService.computeIfAbsent(
                service, name -> new RecentLatencies(quantile, nanoTime.getAsLong()));
    }
}
