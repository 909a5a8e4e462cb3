package dev.lepton.registry.policy;

import dev.lepton.registry.problem.ProblemException;
import org.springframework.http.HttpStatus;

/** A change of a policy that rests on another version than the stored one. */
final class PolicyStale extends ProblemException {

    PolicyStale(String detail) {
        super(detail);
    }

    @Override
    public HttpStatus status() {
        return HttpStatus.CONFLICT;
    }

    @Override
    public String code() {
        return "stale-version";
    }
}
