package dev.lepton.registry.database;

import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** So many calls wait for a connection that this one does not join them. */
public final class TooManyWaiting extends SQLTransientConnectionException {

    private static final String INSUFFICIENT_RESOURCES = "53000";

    private final transient Duration retryAfter;

    TooManyWaiting(int limit, Duration retryAfter) {
        super("%d calls wait for a connection already".formatted(limit), INSUFFICIENT_RESOURCES);
        this.retryAfter = retryAfter;
    }

    /** When to ask again, where this is among the causes of a failure; null elsewhere. */
    public static @Nullable Duration retryAfter(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof TooManyWaiting crowded) {
                return crowded.retryAfter;
            }
        }
        return null;
    }
}
