package dev.lepton.gateway.budget;

import dev.lepton.gateway.settings.GatewaySettings.RetryBudgetSettings;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** The budgets of all services that had requests. */
public final class RetryBudgets {

    private final RetryBudgetSettings settings;
    private final double hedgeRatio;
    private final LongSupplier nanoTime;
    private final Map<String, RetryBudget> byService = new ConcurrentHashMap<>();

    /**
     * @param hedgeRatio hedges, of the requests
     */
    public RetryBudgets(RetryBudgetSettings settings, double hedgeRatio, LongSupplier nanoTime) {
        this.settings = settings;
        this.hedgeRatio = hedgeRatio;
        this.nanoTime = nanoTime;
    }

    /**
     * @param service one that exists: a name is kept for ever
     */
    public RetryBudget of(String service) {
        return byService.computeIfAbsent(
                service, name -> new RetryBudget(settings, hedgeRatio, nanoTime));
    }

    public Map<String, RetryBudget> all() {
        return new TreeMap<>(byService);
    }
}
