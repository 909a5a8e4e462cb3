package dev.lepton.supervisor.api;

import org.springframework.http.HttpStatus;

/** A request that cannot be done as it stands. */
final class ApiRefusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final HttpStatus status;

    ApiRefusal(HttpStatus status, String message) {
        super(message);
        this.status = status;
    }

    HttpStatus status() {
        return status;
    }
}
