package dev.lepton.platform.running;

import dev.lepton.client.unit.UnitState;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The units that a gateway knows, for a test to read. */
public final class RoutingTable {

    /** A unit as the gateway sees it; what a test does not need is left out. */
    public record Routed(
            String id,
            long incarnation,
            UnitState state,
            String address,
            boolean routable,
            @Nullable String breaker) {

        /** Whether it is sent ordinary requests: it is routable, and not left alone. */
        boolean takesRequests() {
            return routable && "CLOSED".equals(breaker);
        }
    }

    private record Status(Map<String, List<Routed>> services) {}

    private final JsonHttp http;
    private final URI actuator;

    RoutingTable(JsonHttp http, URI actuator) {
        this.http = http;
        this.actuator = actuator;
    }

    /** Whether the gateway sends the unit ordinary requests. */
    public boolean sendsTo(String unit) throws IOException {
        return units().stream().anyMatch(u -> u.id().equals(unit) && u.takesRequests());
    }

    public List<Routed> units() throws IOException {
        return http
                .get(actuator.resolve("/actuator/lepton"), Status.class)
                .services()
                .values()
                .stream()
                .flatMap(List::stream)
                .toList();
    }
}
