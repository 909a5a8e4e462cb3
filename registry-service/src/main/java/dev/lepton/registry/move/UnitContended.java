package dev.lepton.registry.move;

import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.problem.ProblemException;
import java.time.Duration;
import org.springframework.http.HttpStatus;

/** Others changed the unit each time before this change could be stored. */
public final class UnitContended extends ProblemException {

    public UnitContended(UnitId id, int attempts) {
        super("unit '%s' was changed by others in each of %d attempts".formatted(id, attempts));
    }

    @Override
    public HttpStatus status() {
        return HttpStatus.SERVICE_UNAVAILABLE;
    }

    @Override
    public String code() {
        return "busy";
    }

    @Override
    public Duration retryAfter() {
        return Duration.ofSeconds(1);
    }
}
