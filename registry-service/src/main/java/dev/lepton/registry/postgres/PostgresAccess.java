package dev.lepton.registry.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;

/** How to reach the embedded server's database. Its text never shows the password. */
public record PostgresAccess(int port, String password) {

    static final String DATABASE = "lepton";
    static final String ROLE = "lepton";

    public String url() {
        return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, DATABASE);
    }

    public String username() {
        return ROLE;
    }

    /** A connection of its own, with short timeouts. */
    Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.put("user", ROLE);
        properties.put("password", password);
        properties.put("connectTimeout", "2");
        properties.put("socketTimeout", "2");
        properties.put("loginTimeout", "2");
        properties.put("ApplicationName", "lepton-probe");
        Connection connection = new org.postgresql.Driver().connect(url(), properties);
        if (connection == null) {
            throw new SQLException("the driver does not know " + url());
        }
        return connection;
    }

    @Override
    public String toString() {
        return "PostgresAccess[" + url() + "]";
    }
}
