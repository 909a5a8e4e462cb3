package dev.lepton.registry.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * The pool as requests see it: while PostgreSQL is away, a bounded number of them waits for it, and
 * the others are sent away at once, to come back spread over some seconds. The registry's own
 * duties are let through, which are few and must not lose to a herd.
 */
final class RequestGate extends DelegatingDataSource {

    private static final int SHORTEST_SECONDS = 1;
    private static final int LONGEST_SECONDS = 5;

    private final int limit;
    private final Semaphore places;
    private final BooleanSupplier inRequest;
    private final RandomGenerator random;

    RequestGate(DataSource pool, int limit, BooleanSupplier inRequest, RandomGenerator random) {
        super(pool);
        this.limit = limit;
        this.places = new Semaphore(limit);
        this.inRequest = inRequest;
        this.random = random;
    }

    @Override
    public Connection getConnection() throws SQLException {
        if (!inRequest.getAsBoolean()) {
            return obtainTargetDataSource().getConnection();
        }
        if (!places.tryAcquire()) {
            throw new TooManyWaiting(
                    limit,
                    Duration.ofSeconds(random.nextInt(SHORTEST_SECONDS, LONGEST_SECONDS + 1)));
        }
        try {
            return obtainTargetDataSource().getConnection();
        } finally {
            places.release();
        }
    }
}
