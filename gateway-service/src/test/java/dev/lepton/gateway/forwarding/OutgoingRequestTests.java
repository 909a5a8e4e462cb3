package dev.lepton.gateway.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.gateway.balancing.Affinity;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;

class OutgoingRequestTests {

    private static final long LIMIT = 100;

    private static OutgoingRequest request(
            String method, @Nullable ReplayBody body, long bodyLength) {
        return new OutgoingRequest(
                "worker",
                Affinity.NONE,
                HttpMethod.valueOf(method),
                "/x",
                new DefaultHttpHeaders(),
                body,
                bodyLength,
                Runnable::run);
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
}
