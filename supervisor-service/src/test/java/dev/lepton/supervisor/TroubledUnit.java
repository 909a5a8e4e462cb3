package dev.lepton.supervisor;

import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/** A unit that answers until it is told {@code GET /hang}, {@code /deadlock} or {@code /leak}. */
public final class TroubledUnit {

    private static final Object FIRST = new Object();
    private static final Object SECOND = new Object();
    private static final CountDownLatch BOTH_HOLD = new CountDownLatch(2);
    private static final List<byte[]> KEPT = new ArrayList<>();

    private TroubledUnit() {}

    /**
     * @param arguments the port, and the address if it is not loopback
     */
    public static void main(String[] arguments) throws Exception {
        HttpServer server =
                HttpServer.create(
                        new InetSocketAddress(
                                arguments.length > 1 ? arguments[1] : "127.0.0.1",
                                Integer.parseInt(arguments[0])),
                        0);
        server.setExecutor(
                Executors.newFixedThreadPool(
                        2, Thread.ofPlatform().name("request-", 1).daemon().factory()));
        server.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(204, -1);
                    exchange.close();
                    switch (exchange.getRequestURI().getPath()) {
                        case "/hang" -> forEver();
                        case "/deadlock" -> deadlock();
                        case "/leak" -> leak();
                        default -> {}
                    }
                });
        server.start();
        System.out.println("listens");
        new CountDownLatch(1).await();
    }

    private static void forEver() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The two request threads wait for each other as soon as both were told to. */
    private static void deadlock() {
        boolean odd = Thread.currentThread().getName().endsWith("1");
        synchronized (odd ? FIRST : SECOND) {
            awaitBothHold();
            synchronized (odd ? SECOND : FIRST) {
                System.out.println("no deadlock");
            }
        }
    }

    private static void awaitBothHold() {
        BOTH_HOLD.countDown();
        try {
            BOTH_HOLD.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void leak() {
        Thread.ofPlatform()
                .start(() -> {
                    while (true) {
                        KEPT.add(new byte[1 << 20]);
                    }
                });
    }
}
