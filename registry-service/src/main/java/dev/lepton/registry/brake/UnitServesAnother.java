package dev.lepton.registry.brake;

import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.problem.ProblemException;
import org.springframework.http.HttpStatus;

/** A permit is asked for under the limit of a service to which the unit does not belong. */
final class UnitServesAnother extends ProblemException {

    UnitServesAnother(UnitId unit, ServiceName actual, ServiceName asked) {
        super("unit '%s' is of service '%s', not of '%s'".formatted(unit, actual, asked));
    }

    @Override
    public HttpStatus status() {
        return HttpStatus.CONFLICT;
    }

    @Override
    public String code() {
        return "other-service";
    }
}
