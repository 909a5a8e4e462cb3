package dev.lepton.registry.policy;

import dev.lepton.client.unit.ServiceName;
import dev.lepton.registry.problem.ProblemException;
import java.time.Duration;
import org.springframework.http.HttpStatus;

/** Others changed the policy each time before this change could be stored. */
final class PolicyContended extends ProblemException {

    PolicyContended(ServiceName service, int attempts) {
        super(
                "the policy of service '%s' was changed by others in each of %d attempts"
                        .formatted(service, attempts));
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
