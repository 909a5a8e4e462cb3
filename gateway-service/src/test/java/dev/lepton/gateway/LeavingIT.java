package dev.lepton.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A gateway that ends in order loses no request of clients that keep their connections. */
@ExtendWith(LeakCheck.class)
class LeavingIT {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final CountDownLatch mayAnswer = new CountDownLatch(1);

    /** Whether HTTP/2 is enabled or not: a connection of HTTP/1 looks another way inside then. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatComesOnOpenConnectionsIsAnsweredForTheLastTimeAndNewOnesAreRefused(
            boolean http2, @TempDir Path home) throws Exception {
        try (StubUnit unit = StubUnit.start("leaving-1", this::answer)) {
            RunningGateway gateway =
                    RunningGateway.startThatEndsInOrder(home, "--server.http2.enabled=" + http2);
            gateway.up("leaving", unit);
            int port = gateway.port();
            try (Socket idle = connect(port);
                    Socket busy = connect(port)) {
                ask(idle, "/quick");
                assertThat(answer(idle)).startsWith("HTTP/1.1 200").doesNotContain("close");
                ask(busy, "/slow");
                await().until(() -> unit.requests().size() == 2);

                Thread end = Thread.ofVirtual().start(gateway::close);
                await().until(() -> refuses(port));

                ask(idle, "/quick");
                assertThat(answer(idle)).startsWith("HTTP/1.1 200").contains("connection: close");
                assertThat(idle.getInputStream().read()).isNegative();
                mayAnswer.countDown();
                assertThat(answer(busy)).startsWith("HTTP/1.1 200").contains("connection: close");
                assertThat(end.join(LIMIT)).isTrue();
            } finally {
                gateway.close();
            }
        }
    }

    private void answer(StubUnit.Request request, StubUnit.Reply reply) throws IOException {
        try {
            if (request.target().equals("/slow") && !mayAnswer.await(20, TimeUnit.SECONDS)) {
                throw new IOException("nobody let it answer");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        reply.send(200, "done");
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout((int) LIMIT.toMillis());
        return socket;
    }

    private static boolean refuses(int port) throws IOException {
        try (Socket _ = connect(port)) {
            return false;
        } catch (ConnectException e) {
            return true;
        }
    }

    private static void ask(Socket socket, String path) throws IOException {
        socket.getOutputStream()
                .write(
                        "GET /leaving%s HTTP/1.1\r\nHost: gateway\r\n\r\n"
                                .formatted(path)
                                .getBytes(StandardCharsets.US_ASCII));
    }

    /** The next answer, whose body is {@code done}. */
    private static String answer(Socket socket) throws IOException {
        StringBuilder answer = new StringBuilder();
        while (answer.indexOf("\r\n\r\ndone") < 0) {
            int next = socket.getInputStream().read();
            assertThat(next).as("the connection ended after '%s'", answer).isNotNegative();
            answer.append((char) next);
        }
        return answer.toString();
    }
}
