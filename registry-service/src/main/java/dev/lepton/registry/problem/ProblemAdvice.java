package dev.lepton.registry.problem;

import dev.lepton.registry.database.TooManyWaiting;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.catalina.connector.ClientAbortException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/** Makes every failure of a call one problem detail, which tells the caller what it may know. */
@RestControllerAdvice
class ProblemAdvice extends ResponseEntityExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);
    private static final Duration DATABASE_RETRY = Duration.ofSeconds(1);

    @ExceptionHandler(ProblemException.class)
    ResponseEntity<Object> refused(ProblemException refusal) {
        HttpHeaders headers = new HttpHeaders();
        Duration retryAfter = refusal.retryAfter();
        if (retryAfter != null) {
            headers.set(HttpHeaders.RETRY_AFTER, Problem.seconds(retryAfter));
        }
        return answer(refusal.status(), refusal.code(), refusal.detail(), headers);
    }

    /** Its reader has gone: there is nobody to answer. */
    @ExceptionHandler(ClientAbortException.class)
    void abandoned(ClientAbortException e) {
        log.debug("A caller went away before its answer was complete: {}", e.toString());
    }

    @ExceptionHandler(Exception.class)
    @Nullable ResponseEntity<Object> failed(Exception e) {
        if (DatabaseFailures.isAway(e)) {
            log.debug("PostgreSQL does not answer", e);
            HttpHeaders headers = new HttpHeaders();
            Duration crowded = TooManyWaiting.retryAfter(e);
            headers.set(
                    HttpHeaders.RETRY_AFTER,
                    Problem.seconds(crowded == null ? DATABASE_RETRY : crowded));
            return answer(
                    HttpStatus.SERVICE_UNAVAILABLE,
                    "database-away",
                    "PostgreSQL does not answer; try again later",
                    headers);
        }
        return internal(e);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException e,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProblemException refusal) {
                return refused(refusal);
            }
        }
        return answer(
                HttpStatus.BAD_REQUEST, "invalid", JsonFaults.describe(e.getCause()), headers);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleTypeMismatch(
            TypeMismatchException e,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        return answer(HttpStatus.BAD_REQUEST, "invalid", ParameterFaults.describe(e), headers);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleMissingServletRequestParameter(
            MissingServletRequestParameterException e,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        return answer(
                HttpStatus.BAD_REQUEST,
                "invalid",
                "the parameter '%s' is missing".formatted(e.getParameterName()),
                headers);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHandlerMethodValidationException(
            HandlerMethodValidationException e,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        String detail =
                e.getParameterValidationResults().stream()
                        .flatMap(result ->
                                result.getResolvableErrors().stream()
                                        .map(error ->
                                                "'%s' %s"
                                                        .formatted(
                                                                result.getMethodParameter()
                                                                        .getParameterName(),
                                                                error.getDefaultMessage())))
                        .collect(Collectors.joining("; "));
        return answer(HttpStatus.BAD_REQUEST, "invalid", detail, headers);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpRequestMethodNotSupported(
            HttpRequestMethodNotSupportedException e,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        String[] allowed = Objects.requireNonNullElse(e.getSupportedMethods(), new String[0]);
        return answer(
                HttpStatus.METHOD_NOT_ALLOWED,
                "method-not-allowed",
                "%s is not allowed here, but %s"
                        .formatted(e.getMethod(), String.join(", ", allowed)),
                headers);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMediaTypeNotSupported(
            HttpMediaTypeNotSupportedException e,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        return answer(
                HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                "unsupported-media-type",
                "the body must be application/json, as 'Content-Type' has to say",
                headers);
    }

    /** All that Spring MVC refuses besides. */
    @Override
    protected @Nullable ResponseEntity<Object> handleExceptionInternal(
            Exception e,
            @Nullable Object body,
            HttpHeaders headers,
            HttpStatusCode statusCode,
            WebRequest request) {
        HttpStatus status = HttpStatus.resolve(statusCode.value());
        if (status == null || status == HttpStatus.INTERNAL_SERVER_ERROR) {
            return internal(e);
        }
        return answer(status, Problem.code(status), Problem.rule(status), headers);
    }

    private static ResponseEntity<Object> internal(Exception e) {
        String id = UUID.randomUUID().toString();
        log.error("A call failed, problem {}", id, e);
        return answer(
                HttpStatus.INTERNAL_SERVER_ERROR,
                "internal",
                "the registry failed; its log tells more about problem " + id,
                new HttpHeaders());
    }

    private static ResponseEntity<Object> answer(
            HttpStatus status, String code, @Nullable String detail, HttpHeaders headers) {
        ProblemDetail problem = Problem.of(status, code, detail);
        // Named here, it is sent whatever the caller said it would accept: a stream, for instance.
        return ResponseEntity.status(status)
                .headers(headers)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem);
    }
}
