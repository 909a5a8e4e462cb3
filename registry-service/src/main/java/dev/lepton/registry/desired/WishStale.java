package dev.lepton.registry.desired;

import dev.lepton.registry.problem.ProblemException;
import org.springframework.http.HttpStatus;

/** A wish that rests on an older row than the stored one. */
final class WishStale extends ProblemException {

    WishStale(String detail) {
        super(detail);
    }

    @Override
    public HttpStatus status() {
        return HttpStatus.CONFLICT;
    }

    @Override
    public String code() {
        return "stale-generation";
    }
}
