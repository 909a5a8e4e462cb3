package dev.lepton.registry.problem;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;

/** Problem details as RFC 9457, with the member {@code code}. */
final class Problem {

    private static final int LONGEST_DETAIL = 1000;

    private Problem() {}

    static ProblemDetail of(HttpStatus status, String code, @Nullable String detail) {
        ProblemDetail problem = ProblemDetail.forStatus(status);
        problem.setType(URI.create("urn:lepton:problem:" + code));
        problem.setTitle(status.getReasonPhrase());
        if (detail != null) {
            problem.setDetail(printable(detail));
        }
        problem.setProperty("code", code);
        return problem;
    }

    /** The code of a refusal that has no better one than its status. */
    static String code(HttpStatus status) {
        return switch (status) {
            case BAD_REQUEST -> "invalid";
            case CONTENT_TOO_LARGE -> "too-large";
            case INTERNAL_SERVER_ERROR -> "internal";
            default -> status.name().toLowerCase(Locale.ROOT).replace('_', '-');
        };
    }

    /** What can be said of a status alone. */
    static String rule(HttpStatus status) {
        return switch (status) {
            case NOT_FOUND -> "there is nothing at this path";
            case NOT_ACCEPTABLE ->
                    "only application/json can be sent, or text/event-stream for a watch";
            case INTERNAL_SERVER_ERROR -> "the registry failed";
            default -> "the request cannot be answered";
        };
    }

    /** As {@code Retry-After} wants it: whole seconds, at least one. */
    static String seconds(Duration duration) {
        return Long.toString(Math.max(1, (duration.toMillis() + 999) / 1000));
    }

    /** Without control characters, and of bounded length: callers' input may be part of it. */
    static String printable(String text) {
        String cut =
                text.length() <= LONGEST_DETAIL ? text : text.substring(0, LONGEST_DETAIL) + "…";
        return cut.codePoints()
                .map(c -> Character.isISOControl(c) || isInvisible(c) ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static boolean isInvisible(int c) {
        return switch (Character.getType(c)) {
            case Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    true;
            default -> false;
        };
    }
}
