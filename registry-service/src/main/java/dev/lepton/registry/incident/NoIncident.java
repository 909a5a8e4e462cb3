package dev.lepton.registry.incident;

import dev.lepton.registry.problem.ProblemException;
import org.springframework.http.HttpStatus;

/** There is no incident of this number, or it is no longer kept. */
final class NoIncident extends ProblemException {

    NoIncident(long id) {
        super("there is no incident %d, or it is no longer kept".formatted(id));
    }

    @Override
    public HttpStatus status() {
        return HttpStatus.NOT_FOUND;
    }

    @Override
    public String code() {
        return "no-incident";
    }
}
