package dev.lepton.gateway.overload;

import dev.lepton.gateway.settings.GatewaySettings.LimitSettings;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** The load of all services that had requests. */
public final class ServiceLoads {

    private final LimitSettings settings;
    private final LongSupplier nanoTime;
    private final Map<String, ServiceLoad> byService = new ConcurrentHashMap<>();

    public ServiceLoads(LimitSettings settings, LongSupplier nanoTime) {
        this.settings = settings;
        this.nanoTime = nanoTime;
    }

    /**
     * @param service one that exists: a name is kept for ever
     */
    public ServiceLoad of(String service) {
        return byService.computeIfAbsent(
                service, name -> new ServiceLoad(settings, nanoTime.getAsLong()));
    }

    public Map<String, ServiceLoad> all() {
        return new TreeMap<>(byService);
    }
}
