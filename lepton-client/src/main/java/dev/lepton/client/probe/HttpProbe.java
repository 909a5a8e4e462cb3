package dev.lepton.client.probe;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Asks a URL once: the health check of a container image that holds no other HTTP client. It writes
 * its request to a socket, because a JVM that loads an HTTP client first takes three times as long;
 * in HTTP/1.0, whose answers are not chunked.
 */
public final class HttpProbe {

    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final int HTTP = 80;

    private final Duration patience;

    /**
     * @param patience for the connection, and again for each piece of the answer
     */
    HttpProbe(Duration patience) {
        this.patience = patience;
    }

    /**
     * @param url of the scheme {@code http}, with a host
     * @throws IllegalArgumentException when it is no such URL
     */
    Outcome ask(String url) {
        URI uri = URI.create(url);
        if (!"http".equals(uri.getScheme()) || uri.getHost() == null) {
            throw new IllegalArgumentException(
                    "'%s' must be a URL such as http://127.0.0.1:8081/actuator/health"
                            .formatted(url));
        }
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String target = uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
        int port = uri.getPort() < 0 ? HTTP : uri.getPort();
        try (Socket socket = new Socket()) {
            int millis = (int) patience.toMillis();
            socket.connect(new InetSocketAddress(uri.getHost(), port), millis);
            socket.setSoTimeout(millis);
            String request =
                    "GET %s HTTP/1.0\r\nHost: %s\r\nConnection: close\r\n\r\n"
                            .formatted(target, uri.getRawAuthority());
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return Outcome.of(
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        } catch (SocketTimeoutException e) {
            return Outcome.none("no answer within " + patience);
        } catch (IOException e) {
            return Outcome.none(String.valueOf(e.getMessage()));
        }
    }

    /**
     * @param good whether the answer was 2xx
     * @param what the answer's first line, or why there was none, in words
     * @param body of the answer, as it came
     */
    record Outcome(boolean good, String what, String body) {

        private static final String END_OF_HEAD = "\r\n\r\n";

        static Outcome none(String why) {
            return new Outcome(false, why, "");
        }

        private static Outcome of(String answer) {
            if (answer.isEmpty()) {
                return none("the connection was closed without an answer");
            }
            String status = answer.lines().findFirst().orElse("");
            int end = answer.indexOf(END_OF_HEAD);
            return new Outcome(
                    status.matches("HTTP/1\\.[01] 2\\d\\d( .*)?"),
                    status,
                    end < 0 ? "" : answer.substring(end + END_OF_HEAD.length()));
        }
    }

    /**
     * Ends with 0 when the URL answers with 2xx, else with 1, and prints the answer's first line;
     * with {@code --body} the body. 2 for bad usage.
     */
    public static void main(String[] arguments) {
        boolean body = arguments.length == 2 && arguments[0].equals("--body");
        if (arguments.length != (body ? 2 : 1)) {
            System.err.println("usage: HttpProbe [--body] URL");
            System.exit(2);
        }
        try {
            Outcome outcome = new HttpProbe(PATIENCE).ask(arguments[arguments.length - 1]);
            System.out.println(body && !outcome.body().isEmpty() ? outcome.body() : outcome.what());
            System.exit(outcome.good() ? 0 : 1);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }
}
