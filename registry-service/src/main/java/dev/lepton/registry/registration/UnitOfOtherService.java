package dev.lepton.registry.registration;

import dev.lepton.client.unit.ServiceName;
import dev.lepton.registry.problem.ProblemException;
import dev.lepton.registry.unit.UnitRow;
import org.springframework.http.HttpStatus;

/** A start that holds a unit registers again, but as a unit of another service. */
final class UnitOfOtherService extends ProblemException {

    UnitOfOtherService(UnitRow holder, ServiceName asked) {
        super(
                "start %s holds unit '%s' of service '%s'; one start cannot change it to '%s'"
                        .formatted(holder.startId(), holder.id(), holder.service(), asked));
    }

    @Override
    public HttpStatus status() {
        return HttpStatus.CONFLICT;
    }

    @Override
    public String code() {
        return "in-use";
    }
}
