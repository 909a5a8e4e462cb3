package dev.lepton.registry.unit;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.InvalidDataAccessApiUsageException;
import org.springframework.dao.InvalidDataAccessResourceUsageException;
import org.springframework.transaction.TransactionException;

/** Tells a PostgreSQL that is away from a fault of ours. */
public final class Postgres {

    private Postgres() {}

    /**
     * The answer to a question.
     *
     * @throws DatabaseAway when there is none
     */
    public static <T extends @Nullable Object> T answer(Supplier<T> question) {
        try {
            return question.get();
        } catch (DataAccessException | TransactionException e) {
            throw failure(e);
        }
    }

    /** What to throw for a failure of a call to PostgreSQL. */
    public static RuntimeException failure(RuntimeException cause) {
        return switch (cause) {
            case InvalidDataAccessApiUsageException ours -> ours;
            case InvalidDataAccessResourceUsageException ours -> ours;
            case DataIntegrityViolationException ours -> ours;
            case DataAccessException away -> new DatabaseAway(away);
            case TransactionException away -> new DatabaseAway(away);
            default -> cause;
        };
    }
}
