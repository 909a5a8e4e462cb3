package dev.lepton.registry.policy;

import dev.lepton.client.unit.ServiceName;
import dev.lepton.registry.problem.ProblemException;
import org.springframework.http.HttpStatus;

/** Nobody has set a policy for this service. */
final class NoPolicy extends ProblemException {

    NoPolicy(ServiceName service) {
        super("service '%s' has no policy".formatted(service));
    }

    @Override
    public HttpStatus status() {
        return HttpStatus.NOT_FOUND;
    }

    @Override
    public String code() {
        return "no-policy";
    }
}
