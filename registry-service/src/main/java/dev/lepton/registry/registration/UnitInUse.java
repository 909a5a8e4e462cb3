package dev.lepton.registry.registration;

import dev.lepton.registry.problem.ProblemException;
import dev.lepton.registry.unit.UnitRow;
import java.time.Duration;
import org.springframework.http.HttpStatus;

/** Another start holds the unit, and its lease is valid. */
final class UnitInUse extends ProblemException {

    private final Duration leaseRemaining;

    UnitInUse(UnitRow holder, Duration leaseRemaining) {
        super(
                "unit '%s' is held by incarnation %d of service '%s', which is %s and whose lease is valid for another %d ms"
                        .formatted(
                                holder.id(),
                                holder.incarnation(),
                                holder.service(),
                                holder.phase().state(),
                                leaseRemaining.toMillis()));
        this.leaseRemaining = leaseRemaining;
    }

    @Override
    public HttpStatus status() {
        return HttpStatus.CONFLICT;
    }

    @Override
    public String code() {
        return "in-use";
    }

    @Override
    public Duration retryAfter() {
        return leaseRemaining;
    }
}
