package dev.lepton.supervisor.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.lepton.client.heartbeat.SelfCheck;
import dev.lepton.supervisor.declaration.Probe;
import dev.lepton.supervisor.supervision.LifeSigns.SelfReport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkProberTests {

    private static final String HOST = "127.0.0.1";

    private final NetworkProber prober = new NetworkProber(Duration.ofSeconds(1));

    @AfterEach
    void close() {
        prober.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a|b", "/?q={a}", "/%zz"})
    void aPathThatCannotBeAskedForIsABadOutcome(String path) {
        Prober.Outcome outcome = prober.ask(Probe.http(path, false), HOST, 1).join();

        assertThat(outcome.good()).isFalse();
        assertThat(outcome.what()).contains(path);
    }

    @Test
    void afterItsEndEveryOutcomeIsBad() {
        prober.close();

        assertThat(prober.ask(Probe.CONNECT, HOST, 1).join().good()).isFalse();
        assertThat(prober.ask(Probe.http("/", false), HOST, 1).join().good()).isFalse();
    }

    @Test
    void anyAnswerIsASignOfLifeAndNoneIsNot() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            HttpServer refusing = server(503, "{}");
            int port = refusing.getAddress().getPort();
            Probe probe = Probe.http("/alive", false);
            Duration patience = Duration.ofMillis(300);

            assertThat(prober.ask(probe, HOST, port).join().good()).isFalse();
            assertThat(prober.answers(probe, HOST, port, Duration.ofSeconds(5)).join().good())
                    .isTrue();
            assertThat(prober.answers(probe, HOST, silent.getLocalPort(), patience).join())
                    .isEqualTo(new Prober.Outcome(false, "GET /alive: no answer in time"));
            refusing.stop(0);
        }
    }

    @Test
    void aUnitWithTheStarterTellsItsRequestsAndItsSelfCheck() throws IOException {
        HttpServer starter =
                server(
                        200,
                        "{\"selfCheck\":\"unanswered\",\"requests\":{\"inFlight\":3,\"completed\":41},\"more\":1}");
        HttpServer other = server(200, "no JSON");

        assertThat(report(starter)).isEqualTo(new SelfReport(41L, SelfCheck.UNANSWERED));
        assertThat(report(other)).isEqualTo(SelfReport.NONE);
        starter.stop(0);
        other.stop(0);
        assertThat(report(starter)).isEqualTo(SelfReport.NONE);
    }

    private SelfReport report(HttpServer server) {
        return prober.selfReport(HOST, server.getAddress().getPort(), Duration.ofSeconds(5)).join();
    }

    private static HttpServer server(int status, String body) throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        server.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(status, bytes.length);
                    exchange.getResponseBody().write(bytes);
                    exchange.close();
                });
        server.start();
        return server;
    }
}
