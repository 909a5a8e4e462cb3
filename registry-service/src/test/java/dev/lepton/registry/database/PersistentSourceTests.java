package dev.lepton.registry.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.Properties;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PersistentSourceTests {

    private static final String URL = "jdbc:away:database";

    private final Connection connection = mock(Connection.class);
    private final AwayDriver driver = new AwayDriver();
    private boolean closed;
    private final PersistentSource source =
            new PersistentSource(URL, new Properties(), () -> closed);

    @BeforeEach
    void register() throws SQLException {
        DriverManager.registerDriver(driver);
    }

    @AfterEach
    void deregister() throws SQLException {
        DriverManager.deregisterDriver(driver);
    }

    @Test
    void triesUntilThereIsAConnection() throws SQLException {
        driver.failures = 2;

        assertThat(source.getConnection()).isSameAs(connection);
        assertThat(driver.tries).isEqualTo(3);
    }

    @Test
    void userMayNeedNoPassword() throws SQLException {
        assertThat(source.getConnection("lepton", null)).isSameAs(connection);
    }

    @Test
    void givesUpWhenThePoolIsClosed() {
        driver.failures = Integer.MAX_VALUE;
        closed = true;

        assertThatThrownBy(source::getConnection).hasMessage("away");
        assertThat(driver.tries).isEqualTo(1);
    }

    @Test
    void givesUpWhenItIsInterrupted() {
        driver.failures = Integer.MAX_VALUE;
        Thread.currentThread().interrupt();

        assertThatThrownBy(source::getConnection).hasMessage("away");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void passesTheUserOn() throws SQLException {
        source.getConnection("lepton", "secret");

        assertThat(driver.asked)
                .containsEntry("user", "lepton")
                .containsEntry("password", "secret");
    }

    /** Fails as often as it is told. */
    private final class AwayDriver implements Driver {

        private int failures;
        private int tries;
        private Properties asked = new Properties();

        @Override
        public @Nullable Connection connect(String url, Properties info) throws SQLException {
            if (!acceptsURL(url)) {
                return null;
            }
            tries++;
            asked = info;
            if (tries <= failures) {
                throw new SQLException("away");
            }
            return connection;
        }

        @Override
        public boolean acceptsURL(String url) {
            return url.equals(URL);
        }

        @Override
        public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) {
            return new DriverPropertyInfo[0];
        }

        @Override
        public int getMajorVersion() {
            return 1;
        }

        @Override
        public int getMinorVersion() {
            return 0;
        }

        @Override
        public boolean jdbcCompliant() {
            return false;
        }

        @Override
        public Logger getParentLogger() {
            return Logger.getGlobal();
        }
    }
}
