package dev.lepton.starter.selfcheck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.lepton.client.heartbeat.SelfCheck;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SelfCheckerTests {

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private HttpServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(204, -1);
                    exchange.close();
                });
        server.start();
    }

    @AfterEach
    void stopServer() {
        server.stop(0);
    }

    private SelfChecker checker(Duration interval, LongSupplier completed, LongSupplier nanos) {
        return new SelfChecker(SelfCheckPath.of(null), interval, PATIENCE, completed, nanos);
    }

    private SelfCheckTarget target() {
        return new SelfCheckTarget(
                false, InetAddress.getLoopbackAddress(), server.getAddress().getPort(), "/");
    }

    @Test
    void noErrorOfACheckIsTheLastVerdict() {
        AtomicBoolean failing = new AtomicBoolean();
        LongSupplier completed =
                () -> {
                    if (failing.get()) {
                        throw new StackOverflowError("as the test wants");
                    }
                    return 0;
                };
        List<SelfCheck> seen = new CopyOnWriteArrayList<>();
        try (SelfChecker checker = checker(Duration.ofMillis(10), completed, System::nanoTime)) {
            checker.start(target(), () -> seen.add(checker.verdict()));
            await().until(() -> checker.verdict() == SelfCheck.OK);

            failing.set(true);
            await().until(() -> checker.verdict() == SelfCheck.LATE);
            failing.set(false);
            await().until(() -> checker.verdict() == SelfCheck.OK);

            assertThat(seen).containsExactly(SelfCheck.OK, SelfCheck.LATE, SelfCheck.OK);
        }
    }

    @Test
    void noErrorOfWhoIsToldIsTheLastCheck() {
        AtomicLong told = new AtomicLong();
        AtomicLong completed = new AtomicLong();
        try (SelfChecker checker =
                checker(Duration.ofMillis(10), completed::incrementAndGet, System::nanoTime)) {
            checker.start(
                    target(),
                    () -> {
                        told.incrementAndGet();
                        throw new StackOverflowError("as the test wants");
                    });

            await().until(() -> told.get() == 1);
            long before = completed.get();
            await().until(() -> completed.get() > before + 2);
            assertThat(checker.verdict()).isEqualTo(SelfCheck.OK);
        }
    }

    @Test
    void verdictOlderThanAnyCheckCanTakeIsLate() {
        Duration interval = Duration.ofHours(1);
        AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1000);
        try (SelfChecker checker = checker(interval, () -> 0, now::get)) {
            checker.start(target(), () -> {});
            await().until(() -> checker.verdict() == SelfCheck.OK);

            now.addAndGet(interval.plus(PATIENCE).plus(PATIENCE).toNanos());
            assertThat(checker.verdict()).isEqualTo(SelfCheck.OK);
            now.incrementAndGet();

            assertThat(checker.verdict()).isEqualTo(SelfCheck.LATE);
        }
    }
}
