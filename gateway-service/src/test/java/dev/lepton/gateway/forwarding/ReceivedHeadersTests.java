package dev.lepton.gateway.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.util.ClassUtils;

class ReceivedHeadersTests {

    /** Else every request would go the longer way, and only a benchmark would tell. */
    @Test
    void typeOfRequestsThatNoFilterHasChangedIsTheOneThatIsLookedFor() {
        assertThat(
                        ClassUtils.isPresent(
                                ReceivedHeaders.UNCHANGED,
                                ServerHttpRequest.class.getClassLoader()))
                .isTrue();
    }

    @Test
    void requestOfAnyOtherTypeMayHaveBeenChanged() {
        assertThat(ReceivedHeaders.of(MockServerHttpRequest.get("/x").build())).isNull();
    }
}
