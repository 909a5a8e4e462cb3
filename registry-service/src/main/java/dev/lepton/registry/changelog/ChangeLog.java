package dev.lepton.registry.changelog;

import dev.lepton.client.desired.Desired;
import dev.lepton.client.watch.Position;
import dev.lepton.registry.unit.UnitRow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/** Reads the change log. */
public final class ChangeLog {

    private static final int FETCH_SIZE = 1000;

    /** All rows as they are at one position. */
    public record Snapshot(Position position, List<UnitRow> units, List<Desired> desired) {}

    private ChangeLog() {}

    /** The stored UUID and the timeline on which the server writes now. */
    public static String clusterId(Connection connection) throws SQLException {
        return single(
                connection,
                """
                SELECT id || '.' || ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::bigint
                FROM cluster\
                """);
    }

    /** The revision of the last change. */
    public static long revision(Connection connection) throws SQLException {
        return Long.parseLong(single(connection, "SELECT revision FROM revision_counter"));
    }

    /**
     * Up to {@code limit} changes after a revision, in order.
     *
     * <p>The first has the next revision, unless that one was compacted away.
     */
    public static List<LoggedChange> after(Connection connection, long revision, int limit)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        SELECT revision, at, kind, unit_id, event, from_state, reason, after
                        FROM change_log
                        WHERE revision > ?
                        ORDER BY revision
                        LIMIT ?\
                        """)) {
            statement.setLong(1, revision);
            statement.setInt(2, limit);
            try (ResultSet rows = statement.executeQuery()) {
                List<LoggedChange> changes = new ArrayList<>();
                while (rows.next()) {
                    changes.add(change(rows));
                }
                return changes;
            }
        }
    }

    /** All rows at one position, read in one snapshot of the database. */
    public static Snapshot snapshot(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try {
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            Position position = new Position(clusterId(connection), revision(connection));
            List<UnitRow> units = new ArrayList<>();
            List<Desired> desired = new ArrayList<>();
            try (Statement statement = connection.createStatement()) {
                statement.setFetchSize(FETCH_SIZE);
                try (ResultSet rows =
                        statement.executeQuery(
                                "SELECT to_jsonb(u) FROM unit u WHERE NOT forgotten")) {
                    while (rows.next()) {
                        units.add(StoredJson.unit(rows.getString(1)));
                    }
                }
                try (ResultSet rows = statement.executeQuery("SELECT to_jsonb(d) FROM desired d")) {
                    while (rows.next()) {
                        desired.add(StoredJson.desired(rows.getString(1)));
                    }
                }
            }
            connection.commit();
            return new Snapshot(position, units, desired);
        } catch (SQLException | RuntimeException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        }
    }

    /** The change in a row that has all columns by which {@link #after} reads them. */
    public static LoggedChange change(ResultSet row) throws SQLException {
        return LoggedChange.stored(
                row.getLong("revision"),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                row.getString("kind"),
                row.getString("unit_id"),
                row.getString("event"),
                row.getString("from_state"),
                row.getString("reason"),
                row.getString("after"));
    }

    private static String single(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            if (!rows.next()) {
                throw new SQLException("no row for " + sql);
            }
            return rows.getString(1);
        }
    }
}
