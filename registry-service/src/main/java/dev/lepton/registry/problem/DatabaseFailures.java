package dev.lepton.registry.problem;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Objects;
import java.util.Set;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.QueryTimeoutException;

/** Tells a PostgreSQL that is away, starting, overloaded or read-only from a fault of ours. */
final class DatabaseFailures {

    /** Connection failures, lack of resources, intervention of an operator, system errors. */
    private static final Set<String> CLASSES = Set.of("08", "53", "57", "58");

    /** Read-only transaction (a standby), lock not available, idle in transaction timeout. */
    private static final Set<String> STATES = Set.of("25006", "55P03", "25P03");

    private DatabaseFailures() {}

    static boolean isAway(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLTransientConnectionException
                    || cause instanceof DataAccessResourceFailureException
                    || cause instanceof QueryTimeoutException
                    || (cause instanceof SQLException sql && isAway(sql))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAway(SQLException failure) {
        String state = Objects.requireNonNullElse(failure.getSQLState(), "");
        return STATES.contains(state)
                || (state.length() == 5 && CLASSES.contains(state.substring(0, 2)));
    }
}
