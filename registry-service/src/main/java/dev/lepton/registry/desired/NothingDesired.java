package dev.lepton.registry.desired;

import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.problem.ProblemException;
import org.springframework.http.HttpStatus;

/** Nobody has said what is wanted of this unit. */
final class NothingDesired extends ProblemException {

    NothingDesired(UnitId unit) {
        super("nothing is desired of unit '%s'".formatted(unit));
    }

    @Override
    public HttpStatus status() {
        return HttpStatus.NOT_FOUND;
    }

    @Override
    public String code() {
        return "no-desired";
    }
}
