package dev.lepton.registry.unit;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.problem.ProblemException;
import org.springframework.http.HttpStatus;

/** This start is over for the registry, for ever. */
public final class StartSuperseded extends ProblemException {

    public StartSuperseded(UnitId id, StartId start) {
        super(
                "start %s of unit '%s' has ended or was superseded: it is refused for ever"
                        .formatted(start, id));
    }

    @Override
    public HttpStatus status() {
        return HttpStatus.CONFLICT;
    }

    @Override
    public String code() {
        return "superseded";
    }
}
