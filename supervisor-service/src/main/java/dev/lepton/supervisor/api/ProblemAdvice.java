package dev.lepton.supervisor.api;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/** Turns every failure of a call into problem details. */
@RestControllerAdvice
class ProblemAdvice extends ResponseEntityExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);

    @ExceptionHandler
    ProblemDetail refused(ApiRefusal refusal) {
        return Problems.of(
                refusal.status(),
                Problems.code(refusal.status()),
                String.valueOf(refusal.getMessage()));
    }

    @ExceptionHandler
    ProblemDetail drillRefused(DrillRefused refusal) {
        ProblemDetail problem =
                Problems.of(
                        HttpStatus.CONFLICT, refusal.code(), String.valueOf(refusal.getMessage()));
        problem.setProperty("rails", refusal.rails());
        return problem;
    }

    @ExceptionHandler
    ProblemDetail failed(Exception failure) {
        log.error("a request failed", failure);
        return Problems.of(
                HttpStatus.INTERNAL_SERVER_ERROR, "internal", "the request failed; see the log");
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleExceptionInternal(
            Exception failure,
            @Nullable Object body,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        String told =
                switch (failure) {
                    case ErrorResponse response -> response.getBody().getDetail();
                    default -> body instanceof ProblemDetail given ? given.getDetail() : null;
                };
        String detail = told != null ? told : "the request cannot be answered";
        return super.handleExceptionInternal(
                failure,
                Problems.of(status, Problems.code(status), detail),
                headers,
                status,
                request);
    }
}
