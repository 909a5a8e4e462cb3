package dev.lepton.supervisor.socketproxy;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** The client at the other end of a connection, who is read one request and sent one answer. */
final class Client {

    private static final int NO_CONTENT = 204;
    private static final int LINGER_MILLIS = 1000;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private @Nullable CompletableFuture<Boolean> gone;

    /**
     * @param patience with a client that does not read what it is sent
     */
    Client(Socket socket, ScheduledExecutorService timer, Duration patience) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = new TimelyOutput(socket, timer, patience);
    }

    RequestHead request() throws IOException, MalformedRequest {
        return new RequestReader(in).read();
    }

    /**
     * Completes when it has closed the connection, for the thread that has read its request. What
     * it sends after that is thrown away.
     */
    CompletableFuture<Boolean> gone() {
        if (gone == null) {
            gone = CompletableFuture.supplyAsync(this::closed, Thread::startVirtualThread);
        }
        return gone;
    }

    private boolean closed() {
        try {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException _) {
            // A connection that was reset is as closed as another.
        }
        return true;
    }

    void answer(int status, Map<String, String> headers, byte[] body) throws IOException {
        // A 204 has no body by its number alone, and must not tell the length of one.
        head(
                status,
                headers,
                status == NO_CONTENT ? "" : "Content-Length: " + body.length + "\r\n");
        out.write(body);
    }

    /** Says why nothing came of the request, in the way of the engine. */
    void say(int status, String message) throws IOException {
        answer(
                status,
                Map.of("Content-Type", "application/json"),
                JsonMapper.shared()
                        .writeValueAsBytes(Map.of("message", "socket proxy: " + message)));
    }

    /** The beginning of an answer that ends with the connection. */
    OutputStream begin(int status, Map<String, String> headers) throws IOException {
        head(status, headers, "");
        return out;
    }

    private void head(int status, Map<String, String> headers, String length) throws IOException {
        StringBuilder head = new StringBuilder();
        head.append("HTTP/1.1 %d %s\r\n".formatted(status, reason(status)));
        headers.forEach((name, value) -> head.append("%s: %s\r\n".formatted(name, value)));
        head.append(length).append("Connection: close\r\n\r\n");
        out.write(head.toString().getBytes(StandardCharsets.US_ASCII));
    }

    private static String reason(int status) {
        return switch (status / 100) {
            case 2 -> "OK";
            case 3 -> "Not Modified";
            case 4 -> "Refused";
            default -> "Failed";
        };
    }

    /** To close upon bytes that nobody has read would take the answer from the client again. */
    void letRead() throws IOException {
        socket.shutdownOutput();
        boolean _ = gone().completeOnTimeout(false, LINGER_MILLIS, TimeUnit.MILLISECONDS).join();
    }
}
