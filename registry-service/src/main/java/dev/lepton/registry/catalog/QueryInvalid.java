package dev.lepton.registry.catalog;

import dev.lepton.registry.problem.ProblemException;
import org.springframework.http.HttpStatus;

/** A query that makes no sense. */
final class QueryInvalid extends ProblemException {

    QueryInvalid(String detail) {
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
