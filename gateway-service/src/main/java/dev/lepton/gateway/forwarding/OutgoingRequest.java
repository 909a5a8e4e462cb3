package dev.lepton.gateway.forwarding;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import org.jspecify.annotations.Nullable;

/**
 * A request as it is sent to whichever unit takes it.
 *
 * @param pathAndQuery byte for byte as the client sent it, less what a route's filters changed
 * @param body null when the client sends none
 */
record OutgoingRequest(
        String service,
        HttpMethod method,
        String pathAndQuery,
        HttpHeaders headers,
        @Nullable ReplayBody body) {

    boolean idempotent() {
        return RetryRule.isIdempotent(method.name());
    }

    boolean replayable() {
        return body == null || body.replayable();
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
