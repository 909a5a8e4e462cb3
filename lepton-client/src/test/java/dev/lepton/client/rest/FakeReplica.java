package dev.lepton.client.rest;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A registry that answers every call with what the test has told it, and remembers the calls. */
final class FakeReplica implements AutoCloseable {

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private volatile Answer answer = exchange -> answer(exchange, 500, "");

    FakeReplica() {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    static URI nobody() {
        FakeReplica gone = new FakeReplica();
        gone.close();
        return gone.uri();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    FakeReplica answers(int status, String body) {
        answer = exchange -> answer(exchange, status, body);
        return this;
    }

    FakeReplica answers(int status, String header, String value, String body) {
        answer =
                exchange -> {
                    exchange.getResponseHeaders().add(header, value);
                    answer(exchange, status, body);
                };
        return this;
    }

    FakeReplica refuses(int status, String code) {
        return answers(
                status,
                "{\"type\":\"urn:lepton:problem:%s\",\"status\":%d,\"code\":\"%s\",\"detail\":\"the unit's story\"}"
                        .formatted(code, status, code));
    }

    FakeReplica behaves(Answer behaviour) {
        answer = behaviour;
        return this;
    }

    List<Received> received() {
        return received;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    private void handle(HttpExchange exchange) throws IOException {
        received.add(
                new Received(
                        exchange.getRequestMethod() + " " + exchange.getRequestURI(),
                        String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")),
                        new String(
                                exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
        answer.to(exchange);
    }

    record Received(String line, String authorization, String body) {}

    @FunctionalInterface
    interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }
}
