package dev.lepton.registry.retention;

import dev.lepton.registry.leader.Duties;
import dev.lepton.registry.leader.TestLeadership;
import dev.lepton.registry.settings.LeaderSettings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The compaction of a database's change log, run when a test says so, by one that may lead. */
public final class TestCompaction {

    static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

    private final TestLeadership leadership;
    private final JdbcClient jdbc;
    private final LogCompactor compactor;

    public TestCompaction(DataSource source, Duration retention, long maxRows, Duration lookBack) {
        this.jdbc = JdbcClient.create(source);
        this.leadership =
                new TestLeadership(
                        jdbc,
                        new LeaderSettings(Duration.ofSeconds(1), Duration.ofSeconds(6)),
                        () -> 0);
        Duties duties =
                new Duties(
                        leadership.itself(),
                        new TransactionTemplate(new DataSourceTransactionManager(source)),
                        jdbc);
        this.compactor =
                new LogCompactor(
                        duties,
                        new CompactionRows(jdbc),
                        retention,
                        maxRows,
                        lookBack,
                        InstantSource.fixed(NOW));
    }

    public TestCompaction leading() {
        leadership.look();
        return this;
    }

    public void compact() {
        compactor.compact();
    }

    public long floor() {
        return new CompactionRows(jdbc).floor();
    }
}
