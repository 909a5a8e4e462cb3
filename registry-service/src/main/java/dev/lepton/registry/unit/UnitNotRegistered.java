package dev.lepton.registry.unit;

import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.problem.ProblemException;
import org.springframework.http.HttpStatus;

/** Nobody is this unit: it is to register. */
public final class UnitNotRegistered extends ProblemException {

    public UnitNotRegistered(UnitId id) {
        super("unit '%s' is not registered".formatted(id));
    }

    @Override
    public HttpStatus status() {
        return HttpStatus.NOT_FOUND;
    }

    @Override
    public String code() {
        return "not-registered";
    }
}
