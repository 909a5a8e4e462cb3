package dev.lepton.registry.registration;

import dev.lepton.registry.problem.ProblemException;
import java.time.Duration;
import org.springframework.http.HttpStatus;

/** More processes register at once than the registry takes in: this one is to come again. */
final class RegistrationsCrowded extends ProblemException {

    private final Duration comeAgain;

    RegistrationsCrowded(Duration comeAgain) {
        super(
                "more registrations come in than are stored; this one is to come again in %d ms"
                        .formatted(comeAgain.toMillis()));
        this.comeAgain = comeAgain;
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
        return comeAgain;
    }
}
