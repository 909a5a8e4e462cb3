package dev.lepton.gateway.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.gateway.balancing.Affinity;
import dev.lepton.gateway.settings.Priority;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;

class OutgoingRequestTests {

    private static final long LIMIT = 100;

    private static OutgoingRequest request(
            String method, @Nullable ReplayBody body, long bodyLength) {
        return request(method, body, bodyLength, false);
    }

    private static OutgoingRequest request(
            String method, @Nullable ReplayBody body, long bodyLength, boolean keyed) {
        return new OutgoingRequest(
                "worker",
                Affinity.NONE,
                HttpMethod.valueOf(method),
                "/x",
                headers -> {},
                body,
                bodyLength,
                keyed,
                Duration.ofSeconds(1),
                Priority.NORMAL,
                ImmediateEventExecutor.INSTANCE);
    }

    @ParameterizedTest
    @CsvSource({
        "PUT,  0,   true",
        "PUT,  100, true",
        "PUT,  101, false",
        "PUT,  -1,  false",
        "POST, 100, false",
    })
    void requestWithABodyIsSafeWhenItsMethodIsAndTheWholeBodyCanBeKept(
            String method, long length, boolean safe) {
        OutgoingRequest request = request(method, new ReplayBody(Flux.empty(), LIMIT), length);

        assertThat(request.safe(LIMIT)).isEqualTo(safe);
    }

    @Test
    void requestWithoutABodyIsSafeWhenItsMethodIs() {
        assertThat(request("GET", null, -1).safe(LIMIT)).isTrue();
        assertThat(request("POST", null, -1).safe(LIMIT)).isFalse();
    }

    @Test
    void keyMakesAnyMethodRepeatableButNoneHedgeable() {
        assertThat(request("POST", null, -1, true).repeatable()).isTrue();
        assertThat(request("POST", null, -1, false).repeatable()).isFalse();
        assertThat(request("POST", null, -1, true).hedgeable()).isFalse();
        assertThat(request("DELETE", null, -1, true).hedgeable()).isFalse();
        assertThat(request("GET", null, -1, false).hedgeable()).isTrue();
    }
}
