package dev.lepton.starter.unit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdvertisedHostTests {

    /** Not loopback by its looks, and refuses every connection. */
    private static final String NOBODY = "http://0.0.0.0:1";

    private static final Duration PATIENCE = Duration.ofMillis(500);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost:1",
                "http://LOCALHOST:1",
                "http://127.0.0.1:1",
                "http://[::1]:1"
            })
    void isLoopbackWithoutAnyConnectionWhenTheRegistryIsOnLoopback(String url) {
        assertThat(found(null, url)).contains("127.0.0.1");
    }

    @Test
    void isTheConfiguredOneWhateverTheRouteIs() {
        assertThat(found("worker.example", "http://localhost:1")).contains("worker.example");
    }

    @Test
    void isTheLocalEndOfAConnectionToTheFirstRegistryThatAccepts() throws Exception {
        try (ServerSocket registry = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            assertThat(found(null, NOBODY, "http://127.0.0.1:" + registry.getLocalPort()))
                    .contains("127.0.0.1");
        }
    }

    @Test
    void isUnknownWhileNoRegistryAccepts() {
        assertThat(found(null, NOBODY)).isEmpty();
    }

    private static Optional<String> found(String configured, String... urls) {
        return new AdvertisedHost(
                        configured, List.of(urls).stream().map(URI::create).toList(), PATIENCE)
                .find();
    }
}
