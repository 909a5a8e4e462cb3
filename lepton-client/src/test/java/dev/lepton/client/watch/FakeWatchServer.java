package dev.lepton.client.watch;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** A registry's watch whose every byte the test says. */
final class FakeWatchServer implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final LinkedBlockingQueue<Connection> connections = new LinkedBlockingQueue<>();
    private final HttpServer server;

    FakeWatchServer() {
        this(0);
    }

    FakeWatchServer(int port) {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/v1/watch", exchange -> connections.add(new Connection(exchange)));
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + port());
    }

    /** The next connection that a watch opens. */
    Connection accept() {
        try {
            Connection next = connections.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (next == null) {
                throw new AssertionError("nobody connected to " + uri() + " within " + PATIENCE);
            }
            return next;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    boolean hasWaiting() {
        return !connections.isEmpty();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    /** One request for the watch. */
    static final class Connection {

        private final HttpExchange exchange;
        private boolean streaming;
        private @Nullable GZIPOutputStream gzip;

        private Connection(HttpExchange exchange) {
            this.exchange = exchange;
        }

        /** The query, decoded; empty without one. */
        String query() {
            String query = exchange.getRequestURI().getQuery();
            return query == null ? "" : query;
        }

        String header(String name) {
            return String.valueOf(exchange.getRequestHeaders().getFirst(name));
        }

        Connection send(String text) {
            return send(text.getBytes(StandardCharsets.UTF_8));
        }

        Connection send(byte[] bytes) {
            try {
                if (!streaming) {
                    streaming = true;
                    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
                    exchange.sendResponseHeaders(200, 0);
                }
                exchange.getResponseBody().write(bytes);
                exchange.getResponseBody().flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return this;
        }

        /** As the registry does for whoever accepts it: each text can be read at once. */
        Connection sendGzip(String text) {
            try {
                GZIPOutputStream open = gzip;
                if (open == null) {
                    exchange.getResponseHeaders().set("Content-Encoding", "gzip");
                    send(new byte[0]);
                    open = new GZIPOutputStream(exchange.getResponseBody(), true);
                    gzip = open;
                }
                open.write(text.getBytes(StandardCharsets.UTF_8));
                open.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return this;
        }

        void refuse(int status) {
            try {
                exchange.sendResponseHeaders(status, -1);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            exchange.close();
        }

        void end() {
            exchange.close();
        }
    }
}
