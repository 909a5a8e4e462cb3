package dev.lepton.benchmarks.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Asks the PostgreSQL of a registry, with the password that lies in its home. */
public final class LeptonDatabase implements AutoCloseable {

    private final Connection connection;

    private LeptonDatabase(Connection connection) {
        this.connection = connection;
    }

    public static LeptonDatabase of(LeptonRegistry registry) throws IOException {
        Path folder = registry.home().resolve("postgres");
        int port = Integer.parseInt(Files.readString(folder.resolve("port")).strip());
        String password = Files.readString(folder.resolve("password")).strip();
        try {
            return new LeptonDatabase(
                    DriverManager.getConnection(
                            "jdbc:postgresql://127.0.0.1:%d/lepton".formatted(port),
                            "lepton",
                            password));
        } catch (SQLException e) {
            throw new IOException("cannot ask the registry's PostgreSQL", e);
        }
    }

    /**
     * @param query whose answer is one number
     */
    public long number(String query) throws IOException {
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(query)) {
            answer.next();
            return answer.getLong(1);
        } catch (SQLException e) {
            throw new IOException("PostgreSQL does not answer: " + query, e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IOException("the connection to PostgreSQL did not close", e);
        }
    }
}
