package dev.lepton.registry.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.Set;

/** Asks whether our own server answers, rather than another one that happens to have its port. */
record ServerProbe(PostgresAccess access, String clusterName) {

    /** Wrong password, unknown role, unknown database, no entry in pg_hba.conf. */
    private static final Set<String> NOT_OURS = Set.of("28P01", "28000", "3D000");

    /** What a probe has found. */
    sealed interface Finding {
        /** Our server answers. */
        record Ours() implements Finding {}

        /** A server answers that is not ours. */
        record Foreign(String why) implements Finding {}

        /** Nothing answers, or it is not ready yet. */
        record Silent(String why) implements Finding {}
    }

    Finding look() {
        try (Connection connection = access.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT current_setting('cluster_name')")) {
            row.next();
            String found = Objects.requireNonNullElse(row.getString(1), "");
            return found.equals(clusterName)
                    ? new Finding.Ours()
                    : new Finding.Foreign("it is the PostgreSQL of another data directory");
        } catch (SQLException e) {
            String why = Objects.requireNonNullElse(e.getMessage(), e.toString());
            return NOT_OURS.contains(Objects.requireNonNullElse(e.getSQLState(), ""))
                    ? new Finding.Foreign("a PostgreSQL that refuses our password")
                    : new Finding.Silent(why);
        }
    }
}
