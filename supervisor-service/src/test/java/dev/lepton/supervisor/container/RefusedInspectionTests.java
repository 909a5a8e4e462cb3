package dev.lepton.supervisor.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Behind a proxy that keeps to itself what is no unit, as the supervisor's own container. */
class RefusedInspectionTests {

    private HttpServer proxy;
    private Engine engine;
    private int status;

    @BeforeEach
    void start() throws IOException {
        proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        proxy.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(status, -1);
                    exchange.close();
                });
        proxy.start();
        engine = new Engine(URI.create("tcp://127.0.0.1:" + proxy.getAddress().getPort()));
    }

    @AfterEach
    void stop() {
        engine.close();
        proxy.stop(0);
    }

    @Test
    void theProjectIsLeftToTheProxy() {
        status = 403;

        assertThat(engine.projectOf("0123456789ab")).isEmpty();
    }

    @Test
    void aFailureIsNoAnswer() {
        status = 502;

        assertThatExceptionOfType(EngineAway.class)
                .isThrownBy(() -> engine.projectOf("0123456789ab"));
    }

    @Test
    void ofAUnitARefusalIsNoAnswerEither() {
        status = 403;

        assertThatExceptionOfType(EngineAway.class).isThrownBy(() -> engine.look("0123456789ab"));
    }
}
