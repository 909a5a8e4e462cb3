package dev.lepton.gateway.forwarding;

import dev.lepton.gateway.holding.Hold;
import dev.lepton.gateway.holding.WaitingRoom;
import dev.lepton.gateway.routing.RoutingTables;
import dev.lepton.gateway.service.Experiences;
import dev.lepton.gateway.settings.GatewaySettings;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import reactor.core.scheduler.Scheduler;

/** Sends requests; what all of them share. */
record Dispatcher(
        RoutingTables tables,
        WaitingRoom room,
        UnitClient client,
        GatewaySettings settings,
        Experiences experiences,
        ForwardingMetrics metrics,
        Scheduler timers,
        LongSupplier nanoTime,
        RandomGenerator random) {

    /** From half of a pause to one and a half, so that those who pause together do not act so. */
    Duration jittered(Duration pause) {
        return Duration.ofNanos((long) (pause.toNanos() * (0.5 + random.nextDouble())));
    }

    Hold hold(OutgoingRequest request) {
        return new Hold(
                room,
                request.service(),
                request.loop(),
                settings.hold().timeout(),
                timers,
                nanoTime);
    }

    Attempts attempts(OutgoingRequest request) {
        return new Attempts(this, request);
    }
}
