package dev.lepton.registry.catalog;

import dev.lepton.client.unit.ServiceName;
import dev.lepton.registry.problem.ProblemException;
import org.springframework.http.HttpStatus;

/** No unit of this service is registered. */
final class UnknownService extends ProblemException {

    UnknownService(ServiceName service) {
        super("service '%s' has no unit that is registered".formatted(service));
    }

    @Override
    public HttpStatus status() {
        return HttpStatus.NOT_FOUND;
    }

    @Override
    public String code() {
        return "unknown-service";
    }
}
