package dev.lepton.platform.faults;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A program that knows nothing of Lepton. It writes each order down before it works on it, and
 * becomes slow or errs for a while when it is told to.
 */
final class OrderTaker {

    private static final long READ_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** Longer than a read, so that some are at work whenever something happens. */
    private static final long ORDER_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Two of them are more than a gateway waits for before it passes an answer on. */
    private static final byte[] HALF =
            "half of an answer.".repeat(1_000).getBytes(StandardCharsets.US_ASCII);

    /**
     * How it behaves until a moment.
     *
     * @param status of what it answers, unless that is 200
     * @param times as slow as it ordinarily is
     */
    private record Behaviour(int status, int times, long untilNanos) {}

    private static final Behaviour ORDINARY = new Behaviour(200, 1, 0);

    private final Path written;
    private volatile Behaviour told = ORDINARY;

    private OrderTaker(Path written) {
        this.written = written;
    }

    /**
     * @param arguments where it listens, and the file of what it has taken
     */
    public static void main(String[] arguments) throws IOException {
        new OrderTaker(Path.of(arguments[2]))
                .listen(new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1])));
    }

    private void listen(InetSocketAddress address) throws IOException {
        HttpServer server = HttpServer.create(address, 256);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(Reading.Kind.GREETING.path(), this::hello);
        server.createContext(Reading.Kind.LIST.path(), this::list);
        server.createContext("/take", this::take);
        server.createContext("/behave", this::behave);
        // Asked by its supervisor, whatever becomes of the others.
        server.createContext("/health", exchange -> answer(exchange, 200, "well"));
        server.start();
    }

    private void hello(HttpExchange exchange) throws IOException {
        Behaviour now = now();
        pause(READ_NANOS * now.times());
        answer(exchange, now.status(), "hello");
    }

    /** Its answer takes a while after it has begun. */
    private void list(HttpExchange exchange) throws IOException {
        Behaviour now = now();
        pause(READ_NANOS * now.times());
        if (now.status() != ORDINARY.status()) {
            answer(exchange, now.status(), "no list");
            return;
        }
        exchange.sendResponseHeaders(now.status(), 2L * HALF.length);
        try (OutputStream body = exchange.getResponseBody()) {
            body.write(HALF);
            body.flush();
            pause(ORDER_NANOS);
            body.write(HALF);
        }
    }

    private void take(HttpExchange exchange) throws IOException {
        Behaviour now = now();
        String id = text(exchange);
        Files.writeString(written, id + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        pause(ORDER_NANOS * now.times());
        answer(exchange, now.status(), id);
    }

    /** The body says status, slowness, and for how many milliseconds. */
    private void behave(HttpExchange exchange) throws IOException {
        String[] how = text(exchange).split(" ");
        told =
                new Behaviour(
                        Integer.parseInt(how[0]),
                        Integer.parseInt(how[1]),
                        System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Long.parseLong(how[2])));
        answer(exchange, 200, "told");
    }

    private Behaviour now() {
        Behaviour now = told;
        return now.untilNanos() - System.nanoTime() > 0 ? now : ORDINARY;
    }

    private static String text(HttpExchange exchange) throws IOException {
        return new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII);
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.US_ASCII);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static void pause(long nanos) {
        long end = System.nanoTime() + nanos;
        for (long left = nanos; left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
