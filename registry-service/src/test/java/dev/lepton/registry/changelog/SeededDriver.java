package dev.lepton.registry.changelog;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.Properties;
import java.util.function.UnaryOperator;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's driver under another name, which puts a bug into the statements that are prepared,
 * to show that the tests would notice it.
 */
final class SeededDriver implements Driver, AutoCloseable {

    private static final String PREFIX = "jdbc:seeded:";

    private final UnaryOperator<String> bug;

    private SeededDriver(UnaryOperator<String> bug) {
        this.bug = bug;
    }

    /** In place until it is closed; the text must be in the statement that it is to change. */
    static SeededDriver replacing(String text, String byText) throws SQLException {
        SeededDriver driver =
                new SeededDriver(sql -> {
                    if (!sql.contains(text)) {
                        throw new IllegalStateException(text + " is not in " + sql);
                    }
                    return sql.replace(text, byText);
                });
        DriverManager.registerDriver(driver);
        return driver;
    }

    /** The same database by way of this driver. */
    static String url(String url) {
        return url.replaceFirst("jdbc:", PREFIX);
    }

    @Override
    public @Nullable Connection connect(String url, Properties properties) throws SQLException {
        if (!acceptsURL(url)) {
            return null;
        }
        Connection real =
                DriverManager.getConnection("jdbc:" + url.substring(PREFIX.length()), properties);
        return (Connection)
                Proxy.newProxyInstance(
                        getClass().getClassLoader(),
                        new Class<?>[] {Connection.class},
                        (_, method, arguments) -> {
                            if (method.getName().equals("prepareStatement")) {
                                arguments[0] = bug.apply((String) arguments[0]);
                            }
                            try {
                                return method.invoke(real, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
    }

    @Override
    public boolean acceptsURL(String url) {
        return url.startsWith(PREFIX);
    }

    @Override
    public DriverPropertyInfo[] getPropertyInfo(String url, Properties properties) {
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

    @Override
    public void close() throws SQLException {
        DriverManager.deregisterDriver(this);
    }
}
