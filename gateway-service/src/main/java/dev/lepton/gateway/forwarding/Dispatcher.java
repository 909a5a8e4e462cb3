package dev.lepton.gateway.forwarding;

import dev.lepton.gateway.holding.Hold;
import dev.lepton.gateway.holding.WaitingRoom;
import dev.lepton.gateway.routing.RoutingTables;
import dev.lepton.gateway.settings.GatewaySettings;
import java.util.function.LongSupplier;
import reactor.core.scheduler.Scheduler;

/** Sends requests; what all of them share. */
record Dispatcher(
        RoutingTables tables,
        WaitingRoom room,
        UnitClient client,
        GatewaySettings settings,
        ForwardingMetrics metrics,
        Scheduler timers,
        LongSupplier nanoTime) {

    Hold hold(String service) {
        return new Hold(room, service, settings.hold().timeout(), timers, nanoTime);
    }

    Attempts attempts(OutgoingRequest request) {
        return new Attempts(this, request);
    }
}
