package dev.lepton.registry.problem;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * A refusal that becomes a problem detail at the edge. Its message is the detail: what, which one,
 * the value and the rule, safe to show to any caller.
 */
public abstract class ProblemException extends RuntimeException {

    protected ProblemException(String detail) {
        super(detail);
    }

    protected ProblemException(String detail, Throwable cause) {
        super(detail, cause);
    }

    public abstract HttpStatus status();

    /** The last part of the problem's type, {@code urn:lepton:problem:CODE}. */
    public abstract String code();

    /** When to ask again; becomes {@code Retry-After}, rounded up to seconds. Null for never. */
    public @Nullable Duration retryAfter() {
        return null;
    }

    /** The message, never null. */
    public String detail() {
        String message = getMessage();
        return message == null ? "" : message;
    }
}
