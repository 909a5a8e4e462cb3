package dev.lepton.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OpenLoopTests {

    private static final int RATE = 100;
    private static final int REQUESTS = 20;
    private static final Duration LENGTH = Duration.ofMillis(200);

    private final AtomicInteger asked = new AtomicInteger();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private LatencyReport load(Duration timeout) throws Exception {
        URI target = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
        return OpenLoop.run(target, RATE, LENGTH, timeout);
    }

    @Test
    void requestsAreSentWhenDueAlthoughNoneIsAnsweredYet() throws Exception {
        CountDownLatch allAsked = new CountDownLatch(REQUESTS);
        server.createContext(
                "/",
                exchange -> {
                    allAsked.countDown();
                    try {
                        allAsked.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });

        LatencyReport report = load(Duration.ofSeconds(30));

        assertThat(report.requests()).isEqualTo(REQUESTS);
        assertThat(report.failed()).isZero();
        // The first one was due this long before the last one, and is answered after it.
        assertThat(report.millis(1)).isGreaterThan(LENGTH.toMillis() - 1000.0 / RATE);
    }

    @Test
    void otherStatusesAndBrokenConnectionsAreFailures() throws Exception {
        server.createContext(
                "/",
                exchange -> {
                    int number = asked.incrementAndGet();
                    if (number % 4 == 0) {
                        exchange.close();
                    } else {
                        exchange.sendResponseHeaders(number % 2 == 0 ? 503 : 200, 2);
                        exchange.getResponseBody().write(new byte[] {'o', 'k'});
                        exchange.close();
                    }
                });

        LatencyReport report = load(Duration.ofSeconds(30));

        assertThat(asked).hasValue(REQUESTS);
        assertThat(report.failed()).isEqualTo(REQUESTS / 2);
    }

    @Test
    void chunkedAnswersAreReadToTheirEnd() throws Exception {
        server.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    for (int i = 0; i < 3; i++) {
                        exchange.getResponseBody().write(new byte[5000]);
                        exchange.getResponseBody().flush();
                    }
                    exchange.close();
                });

        LatencyReport report = load(Duration.ofSeconds(30));

        assertThat(report.requests()).isEqualTo(REQUESTS);
        assertThat(report.failed()).isZero();
    }

    @Test
    void anAnswerThatDoesNotComeIsAFailureAfterTheTimeout() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        server.createContext(
                "/",
                _ -> {
                    try {
                        end.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });

        LatencyReport report = load(Duration.ofMillis(300));
        end.countDown();

        assertThat(report.failed()).isEqualTo(REQUESTS);
        assertThat(report.millis(0.001)).isGreaterThanOrEqualTo(300);
    }
}
