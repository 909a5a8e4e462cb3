package dev.lepton.registry.heartbeat;

import dev.lepton.registry.problem.ProblemException;
import java.time.Duration;
import org.springframework.http.HttpStatus;

/** Too many beats of unknown units at once: they are asked to come again. */
final class RegistryBusy extends ProblemException {

    RegistryBusy(int perSecond) {
        super(
                "more than %d beats of unknown units within a second; this one was not looked up"
                        .formatted(perSecond));
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
