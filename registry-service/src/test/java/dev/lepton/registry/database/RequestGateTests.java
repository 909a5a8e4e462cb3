package dev.lepton.registry.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.AbstractDataSource;

class RequestGateTests {

    private static final int LIMIT = 2;

    private final CountDownLatch back = new CountDownLatch(1);
    private final AtomicInteger waiting = new AtomicInteger();
    private boolean inRequest = true;
    private final RequestGate gate =
            new RequestGate(
                    new AwayPool(), LIMIT, () -> inRequest, RandomGenerator.of("L64X128MixRandom"));

    @AfterEach
    void letAllGo() {
        back.countDown();
    }

    @Test
    void asManyRequestsWaitAsThereArePlaces() {
        for (int i = 0; i < LIMIT; i++) {
            waitElsewhere();
        }

        assertThatThrownBy(gate::getConnection)
                .isInstanceOf(TooManyWaiting.class)
                .hasMessage("2 calls wait for a connection already");
    }

    @Test
    void placeIsFreeAgainAfterTheWait() {
        for (int i = 0; i < LIMIT; i++) {
            waitElsewhere();
        }
        back.countDown();

        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() ->
                        assertThatThrownBy(gate::getConnection)
                                .isNotInstanceOf(TooManyWaiting.class));
    }

    @Test
    void dutiesOfTheRegistryAreLetThrough() {
        for (int i = 0; i < LIMIT; i++) {
            waitElsewhere();
        }
        inRequest = false;

        waitElsewhere();

        assertThat(waiting).hasValue(LIMIT + 1);
    }

    @Test
    void thoseSentAwayComeBackSpreadOverFiveSeconds() {
        for (int i = 0; i < LIMIT; i++) {
            waitElsewhere();
        }

        Set<Duration> said = new HashSet<>();
        for (int i = 0; i < 500; i++) {
            Throwable refused = catchThrowable(gate::getConnection);
            said.add(TooManyWaiting.retryAfter(new IllegalStateException(refused)));
        }

        assertThat(said)
                .containsExactlyInAnyOrder(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(5));
    }

    private void waitElsewhere() {
        int before = waiting.get();
        Thread.ofVirtual()
                .start(() -> {
                    var _ = catchThrowable(gate::getConnection);
                });
        await().atMost(Duration.ofSeconds(10)).until(() -> waiting.get() > before);
    }

    /** Makes everybody wait, and then has no connection. */
    private final class AwayPool extends AbstractDataSource {

        @Override
        public Connection getConnection() throws SQLException {
            waiting.incrementAndGet();
            try {
                back.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new SQLTransientConnectionException("no connection");
        }

        @Override
        public Connection getConnection(String username, String password) throws SQLException {
            return getConnection();
        }
    }
}
