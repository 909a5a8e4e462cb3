package dev.lepton.registry.database;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** One question to a database whether it can be worked with. Its text never shows the password. */
final class Knock {

    private static final int ANSWER_SECONDS = 2;

    private final String url;
    private final String user;
    private final Properties properties = new Properties();

    Knock(String url, @Nullable String user, @Nullable String password) {
        this.url = url;
        this.user = Objects.requireNonNullElse(user, "");
        if (user != null) {
            properties.setProperty("user", user);
        }
        if (password != null) {
            properties.setProperty("password", password);
        }
        properties.setProperty("ApplicationName", "lepton start");
        properties.setProperty("connectTimeout", "1");
        properties.setProperty("loginTimeout", "5");
        properties.setProperty("socketTimeout", Integer.toString(ANSWER_SECONDS));
        properties.setProperty("targetServerType", "primary");
        properties.setProperty("hostRecheckSeconds", "1");
    }

    /** Null when it can, else why it cannot. */
    @Nullable String refusal() {
        try (Connection connection = DriverManager.getConnection(url, properties)) {
            return connection.isValid(ANSWER_SECONDS) ? null : "it does not answer";
        } catch (SQLException e) {
            return switch (Objects.requireNonNullElse(e.getSQLState(), "")) {
                case "28P01", "28000" ->
                        "it refuses user '%s' or the password: look at 'spring.datasource.username' and 'spring.datasource.password'"
                                .formatted(user);
                case "3D000" ->
                        "it has no database of the name in 'spring.datasource.url': create it, or name another";
                default -> withoutUrl(Objects.requireNonNullElse(e.getMessage(), e.toString()));
            };
        }
    }

    /** The driver repeats a URL that it cannot read, and a password may stand there. */
    private String withoutUrl(String message) {
        return message.contains(url)
                ? "the driver cannot read 'spring.datasource.url': it must be like jdbc:postgresql://host:5432/database"
                : message;
    }
}
