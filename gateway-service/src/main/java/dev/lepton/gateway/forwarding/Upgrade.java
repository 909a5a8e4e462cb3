package dev.lepton.gateway.forwarding;

import dev.lepton.gateway.routing.InFlight;
import dev.lepton.gateway.routing.TrackedUnit;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakeException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A web socket at one unit, in flight there as long as the client's connection lives. How its
 * opening went is held for or against the unit once.
 */
final class Upgrade implements InFlight {

    private static final int SERVER_ERROR = 500;

    private final TrackedUnit unit;
    private final boolean probe;
    private final long beganNanos;
    private final AtomicBoolean judged = new AtomicBoolean();

    Upgrade(TrackedUnit unit, boolean probe, long beganNanos) {
        this.unit = unit;
        this.probe = probe;
        this.beganNanos = beganNanos;
    }

    void begin() {
        unit.begin(this, beganNanos);
    }

    /** A web socket stays where it is, also when its unit leaves the table. */
    @Override
    public void unitGone() {
        // The connection itself tells when it is over.
    }

    /** The unit has opened it. */
    void opened(long nowNanos) {
        if (judged.compareAndSet(false, true)) {
            unit.answered(nowNanos);
            unit.breaker().answered(nowNanos - beganNanos);
        }
    }

    /** The unit has not opened it; what befalls an open one is nobody's fault. */
    void failed(Throwable error, long nowNanos) {
        if (isRefusalOfTheRequest(error)) {
            opened(nowNanos);
        } else if (judged.compareAndSet(false, true)) {
            if (Attempt.isRefusal(error)) {
                unit.breaker().refused();
            } else {
                unit.breaker().failed(nowNanos - beganNanos);
            }
        }
    }

    /** An answer, such as 404 or 401, by a unit that is well. */
    private static boolean isRefusalOfTheRequest(Throwable error) {
        return error instanceof WebSocketClientHandshakeException handshake
                && handshake.response() != null
                && handshake.response().status().code() < SERVER_ERROR;
    }

    /** It is over, whether it was opened or not; may be said repeatedly. */
    void end() {
        unit.end(this);
        if (probe && judged.compareAndSet(false, true)) {
            unit.breaker().abandonProbe();
        }
    }
}
