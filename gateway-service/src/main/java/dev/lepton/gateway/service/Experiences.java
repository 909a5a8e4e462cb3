package dev.lepton.gateway.service;

import dev.lepton.gateway.budget.RetryBudget;
import dev.lepton.gateway.latency.RecentLatencies;
import dev.lepton.gateway.overload.ServiceLoad;
import dev.lepton.gateway.settings.GatewaySettings;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** With all services that had requests. */
public final class Experiences {

    private final GatewaySettings settings;
    private final LongSupplier nanoTime;
    private final Map<String, Experience> byService = new ConcurrentHashMap<>();

    public Experiences(GatewaySettings settings, LongSupplier nanoTime) {
        this.settings = settings;
        this.nanoTime = nanoTime;
    }

    /**
     * @param service one that exists: a name is kept for ever
     */
    public Experience with(String service) {
        Experience known = byService.get(service);
        return known != null ? known : byService.computeIfAbsent(service, name -> none());
    }

    private Experience none() {
        long now = nanoTime.getAsLong();
        return new Experience(
                new RetryBudget(settings.retryBudget(), settings.hedge().ratio(), nanoTime),
                new RecentLatencies(settings.hedge().quantile(), now),
                new ServiceLoad(settings.limit(), now));
    }

    public Map<String, Experience> all() {
        return new TreeMap<>(byService);
    }
}
