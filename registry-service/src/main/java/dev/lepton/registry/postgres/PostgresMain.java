package dev.lepton.registry.postgres;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The embedded PostgreSQL as a program of its own, without Spring. */
public final class PostgresMain {

    private static final String LOGGING = "logback.configurationFile";

    private PostgresMain() {}

    /**
     * Runs the server in the foreground until SIGTERM or SIGINT.
     *
     * @return the exit code
     */
    public static int run(Map<String, String> environment) {
        if (System.getProperty(LOGGING) == null) {
            System.setProperty(LOGGING, "logback-postgres.xml");
        }
        Logger log = LoggerFactory.getLogger(PostgresMain.class);
        AtomicInteger exitCode = new AtomicInteger();
        try {
            Integer healthPort = port(environment.get("LEPTON_PORT"));
            // A stop while the server still comes up waits for it: no server is left behind.
            CompletableFuture<PostgresServer> started = new CompletableFuture<>();
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(() -> stop(started, exitCode), "postgres-stop"));
            PostgresServer server = start(environment, started);
            if (healthPort != null) {
                serveHealth(server, healthPort);
            }
            new CountDownLatch(1).await();
        } catch (PostgresRefusal e) {
            log.error("{}", e.getMessage());
            exitCode.set(e.getExitCode());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            log.error("PostgreSQL cannot be run", e);
            exitCode.set(1);
        }
        return exitCode.get();
    }

    private static PostgresServer start(
            Map<String, String> environment, CompletableFuture<PostgresServer> started) {
        try {
            PostgresServer server =
                    PostgresServer.start(
                            Path.of(environment.getOrDefault("LEPTON_HOME", ".lepton")),
                            System::nanoTime);
            started.complete(server);
            return server;
        } catch (RuntimeException e) {
            started.completeExceptionally(e);
            throw e;
        }
    }

    /**
     * An ordered stop by a signal is a success, whatever the JVM would make of the signal.
     *
     * @param exitCode of a failure after the server was started
     */
    private static void stop(CompletableFuture<PostgresServer> started, AtomicInteger exitCode) {
        PostgresServer server;
        try {
            server = started.join();
        } catch (CompletionException e) {
            // There is nothing to stop, and the exit code is settled.
            return;
        }
        server.close();
        Runtime.getRuntime().halt(exitCode.get());
    }

    private static @Nullable Integer port(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return null;
        }
        try {
            int port = Integer.parseInt(text);
            if (port < 1 || port > 65_535) {
                throw new NumberFormatException("out of range");
            }
            return port;
        } catch (NumberFormatException e) {
            throw PostgresRefusal.misconfigured(
                    "LEPTON_PORT must be a port from 1 to 65535, it has %d characters that are none"
                            .formatted(text.length()));
        }
    }

    private static void serveHealth(PostgresServer server, int port) {
        try {
            HttpServer http =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 16);
            http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            http.createContext("/health", exchange -> answer(exchange, server));
            http.start();
        } catch (IOException e) {
            throw PostgresRefusal.failed(
                    "cannot serve /health on 127.0.0.1:" + port + " (LEPTON_PORT)", e);
        }
    }

    private static void answer(HttpExchange exchange, PostgresServer server) throws IOException {
        try (exchange) {
            String trouble = server.trouble();
            byte[] body =
                    (trouble == null ? "{\"status\":\"UP\"}" : "{\"status\":\"DOWN\"}")
                            .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(trouble == null ? 200 : 503, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
