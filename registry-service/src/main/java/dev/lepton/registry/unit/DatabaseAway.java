package dev.lepton.registry.unit;

import dev.lepton.registry.database.TooManyWaiting;
import dev.lepton.registry.problem.ProblemException;
import java.time.Duration;
import org.springframework.http.HttpStatus;

/** PostgreSQL does not answer, and memory alone may not give this answer. */
public final class DatabaseAway extends ProblemException {

    private static final String DETAIL =
            "PostgreSQL does not answer, and this cannot be answered from memory";

    public DatabaseAway() {
        super(DETAIL);
    }

    public DatabaseAway(Throwable cause) {
        super(DETAIL, cause);
    }

    @Override
    public HttpStatus status() {
        return HttpStatus.SERVICE_UNAVAILABLE;
    }

    @Override
    public String code() {
        return "database-away";
    }

    @Override
    public Duration retryAfter() {
        Duration crowded = TooManyWaiting.retryAfter(this);
        return crowded == null ? Duration.ofSeconds(1) : crowded;
    }
}
