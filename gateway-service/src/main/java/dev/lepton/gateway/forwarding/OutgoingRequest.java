package dev.lepton.gateway.forwarding;

import dev.lepton.gateway.balancing.Affinity;
import dev.lepton.gateway.settings.Priority;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A request as it is sent to whichever unit takes it.
 *
 * @param affinity which units it may go to, as far as it says
 * @param pathAndQuery byte for byte as the client sent it, less what a route's filters changed
 * @param headers adds them; those of a unit's own address are there before
 * @param body null when the client sends none
 * @param bodyLength as the client announced it, negative when it did not
 * @param keyed whether a key tells its units that it is the same request again
 * @param deadline time to response headers after which it is answered 504
 * @param priority whether it is refused before others when its service has too much to do
 * @param loop the event loop of the client's connection
 */
record OutgoingRequest(
        String service,
        Affinity affinity,
        HttpMethod method,
        String pathAndQuery,
        Consumer<HttpHeaders> headers,
        @Nullable ReplayBody body,
        long bodyLength,
        boolean keyed,
        Duration deadline,
        Priority priority,
        EventExecutor loop) {

    /** Whether it may be done twice. */
    boolean repeatable() {
        return keyed || RetryRule.isIdempotent(method.name());
    }

    /** Whether another unit may be asked before the first has answered. */
    boolean hedgeable() {
        return RetryRule.isSafe(method.name()) && replayable();
    }

    /**
     * Whether it can go elsewhere however far it came at the unit before.
     *
     * @param replayLimit size in bytes up to which a body can be sent again
     */
    boolean safe(long replayLimit) {
        boolean fits = body == null || (bodyLength >= 0 && bodyLength <= replayLimit);
        return repeatable() && fits;
    }

    boolean replayable() {
        return body == null || body.replayable();
    }

    /** Whether its body broke off, by the client or in the gateway. */
    boolean broken() {
        return body != null && body.broken();
    }

    boolean complete() {
        return body == null || body.complete();
    }

    void release() {
        if (body != null) {
            body.release();
        }
    }
}
