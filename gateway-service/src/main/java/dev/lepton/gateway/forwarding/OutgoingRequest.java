package dev.lepton.gateway.forwarding;

import dev.lepton.gateway.balancing.Affinity;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A request as it is sent to whichever unit takes it.
 *
 * @param affinity which units it may go to, as far as it says
 * @param pathAndQuery byte for byte as the client sent it, less what a route's filters changed
 * @param body null when the client sends none
 * @param bodyLength as the client announced it, negative when it did not
 * @param loop the event loop of the client's connection
 */
record OutgoingRequest(
        String service,
        Affinity affinity,
        HttpMethod method,
        String pathAndQuery,
        HttpHeaders headers,
        @Nullable ReplayBody body,
        long bodyLength,
        Executor loop) {

    boolean idempotent() {
        return RetryRule.isIdempotent(method.name());
    }

    /**
     * Whether it can go elsewhere however far it came at the unit before.
     *
     * @param replayLimit size in bytes up to which a body can be sent again
     */
    boolean safe(long replayLimit) {
        boolean fits = body == null || (bodyLength >= 0 && bodyLength <= replayLimit);
        return idempotent() && fits;
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
