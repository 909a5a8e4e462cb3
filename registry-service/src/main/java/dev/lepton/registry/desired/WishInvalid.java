package dev.lepton.registry.desired;

import dev.lepton.registry.problem.ProblemException;
import org.springframework.http.HttpStatus;

/** A wish that cannot be kept. */
final class WishInvalid extends ProblemException {

    WishInvalid(String detail) {
        super(detail);
    }

    @Override
    public HttpStatus status() {
        return HttpStatus.BAD_REQUEST;
    }

    @Override
    public String code() {
        return "invalid";
    }
}
