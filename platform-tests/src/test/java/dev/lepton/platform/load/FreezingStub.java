package dev.lepton.platform.load;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/**
 * A server that answers at once, but holds everything for a second once; the measure of an honest
 * load generator.
 */
final class FreezingStub implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final long freezeFrom;
    private final long freezeTo;

    FreezingStub(long freezeAfterNanos, long freezeForNanos) {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        freezeFrom = System.nanoTime() + freezeAfterNanos;
        freezeTo = freezeFrom + freezeForNanos;
        server.setExecutor(threads);
        server.createContext(
                "/",
                exchange -> {
                    long now = System.nanoTime();
                    while (now - freezeFrom >= 0 && now - freezeTo < 0) {
                        LockSupport.parkNanos(freezeTo - now);
                        now = System.nanoTime();
                    }
                    byte[] body = "ok".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
