package dev.lepton.registry.security;

import dev.lepton.registry.problem.ProblemException;
import org.springframework.http.HttpStatus;

/** A request's body is longer than its kind may be. */
final class BodyTooLarge extends ProblemException {

    BodyTooLarge(int limit) {
        super("the body is longer than the limit of " + limit + " bytes");
    }

    @Override
    public HttpStatus status() {
        return HttpStatus.CONTENT_TOO_LARGE;
    }

    @Override
    public String code() {
        return "too-large";
    }
}
