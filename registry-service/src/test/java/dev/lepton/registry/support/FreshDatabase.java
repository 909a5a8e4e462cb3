package dev.lepton.registry.support;

import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;

/**
 * A database of its own for a test class, in the shared PostgreSQL:
 *
 * <pre>{@code
 * @RegisterExtension static final FreshDatabase database = FreshDatabase.migrated();
 * }</pre>
 */
public final class FreshDatabase implements BeforeAllCallback, AfterAllCallback {

    private static int count;

    private final boolean migrated;
    private @Nullable String name;

    private FreshDatabase(boolean migrated) {
        this.migrated = migrated;
    }

    /** Without tables, as the registry itself wants it. */
    public static FreshDatabase empty() {
        return new FreshDatabase(false);
    }

    /** With the registry's tables. */
    public static FreshDatabase migrated() {
        return new FreshDatabase(true);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        name();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (name != null) {
            TestPostgres.shared().execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
            name = null;
        }
    }

    public String url() {
        return TestPostgres.shared().urlOf(name());
    }

    public String username() {
        return TestPostgres.shared().username();
    }

    public String password() {
        return TestPostgres.shared().password();
    }

    /** A new connection for each call of {@code getConnection()}. */
    public DataSource dataSource() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url());
        source.setUser(username());
        source.setPassword(password());
        source.setConnectTimeout(5);
        source.setSocketTimeout(30);
        return source;
    }

    public JdbcClient jdbc() {
        return JdbcClient.create(dataSource());
    }

    /** What the change log tells of a unit, the oldest first. */
    public List<String> logged(String unit) {
        return jdbc().sql("SELECT event FROM change_log WHERE unit_id = ? ORDER BY revision")
                .param(unit)
                .query(String.class)
                .list();
    }

    /** Ends all connections and lets none in, as if PostgreSQL had ended. */
    public void refuseConnections() {
        TestPostgres.shared()
                .execute(
                        "ALTER DATABASE " + name() + " WITH ALLOW_CONNECTIONS false",
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"
                                + name()
                                + "'");
    }

    /** For a {@code @DynamicPropertySource} method. */
    public void register(DynamicPropertyRegistry registry) {
        registry.add("spring.datasource.url", this::url);
        registry.add("spring.datasource.username", this::username);
        registry.add("spring.datasource.password", this::password);
    }

    private synchronized String name() {
        String known = name;
        if (known == null) {
            known = nextName();
            TestPostgres.shared()
                    .execute(
                            "DROP DATABASE IF EXISTS " + known + " WITH (FORCE)",
                            "CREATE DATABASE "
                                    + known
                                    + " OWNER "
                                    + TestPostgres.shared().username());
            name = known;
            if (migrated) {
                Flyway.configure().dataSource(dataSource()).load().migrate();
            }
        }
        return known;
    }

    private static synchronized String nextName() {
        return "test_" + ProcessHandle.current().pid() + "_" + ++count;
    }
}
