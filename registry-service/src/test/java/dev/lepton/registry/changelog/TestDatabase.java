package dev.lepton.registry.changelog;

import dev.lepton.registry.support.TestPostgres;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A migrated database for one test, which several replicas may share. */
public final class TestDatabase {

    private final String url;
    private final String user;
    private final String password;

    private TestDatabase(String url, String user, String password) {
        this.url = url;
        this.user = user;
        this.password = password;
    }

    /** In the PostgreSQL that all tests share. */
    public static TestDatabase create() {
        TestPostgres postgres = TestPostgres.shared();
        String name = "changelog_" + UUID.randomUUID().toString().replace("-", "");
        postgres.execute("CREATE DATABASE " + name + " OWNER " + postgres.username());
        return at(postgres.urlOf(name), postgres.username(), postgres.password());
    }

    /** In a server of the test's own. */
    public static TestDatabase at(String url, String user, String password) {
        TestDatabase database = new TestDatabase(url, user, password);
        Flyway.configure().dataSource(database.dataSource()).load().migrate();
        return database;
    }

    public String url() {
        return url;
    }

    public String user() {
        return user;
    }

    public String password() {
        return password;
    }

    public DirectConnections connections() {
        return new DirectConnections(url, user, password);
    }

    public DriverManagerDataSource dataSource() {
        return new DriverManagerDataSource(url, user, password);
    }

    public JdbcTemplate jdbc() {
        return new JdbcTemplate(dataSource());
    }

    /** Ends all connections, and takes no new ones. */
    public void refuseConnections() {
        TestPostgres.shared()
                .execute(
                        "ALTER DATABASE " + name() + " WITH ALLOW_CONNECTIONS false",
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"
                                + name()
                                + "'");
    }

    public void acceptConnections() {
        TestPostgres.shared().execute("ALTER DATABASE " + name() + " WITH ALLOW_CONNECTIONS true");
    }

    private String name() {
        return url.substring(url.lastIndexOf('/') + 1);
    }

    /** Ends the server's side of all connections of this name; answers how many. */
    public int terminate(String application) {
        return jdbc().queryForList(
                        """
                        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                        WHERE application_name = ? AND datname = current_database()\
                        """,
                        application)
                .size();
    }
}
