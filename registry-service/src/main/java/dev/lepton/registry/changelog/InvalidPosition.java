package dev.lepton.registry.changelog;

import dev.lepton.client.watch.Position;
import dev.lepton.registry.problem.ProblemException;
import org.springframework.http.HttpStatus;

/** A position that cannot be read. */
public final class InvalidPosition extends ProblemException {

    private InvalidPosition(String detail, IllegalArgumentException cause) {
        super(detail, cause);
    }

    /** Reads the parameter {@code since}. */
    public static Position parse(String since) {
        try {
            return Position.parse(since);
        } catch (IllegalArgumentException e) {
            throw new InvalidPosition("'since': " + e.getMessage(), e);
        }
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
