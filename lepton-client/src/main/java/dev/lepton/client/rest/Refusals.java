package dev.lepton.client.rest;

import java.net.http.HttpHeaders;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Turns an answer that is no success into the refusal that it means. */
final class Refusals {

    private static final Duration ORDINARY_LEASE = Duration.ofSeconds(6);
    private static final int LONGEST_WAIT_SECONDS = 3600;
    private static final int SHOWN = 300;

    private final JsonMapper json;

    Refusals(JsonMapper json) {
        this.json = json;
    }

    /**
     * @param call what was asked of whom, for the message
     */
    RegistryRefusal of(String call, int status, HttpHeaders headers, byte[] body) {
        Problem problem = problem(body);
        String code = problem.code() == null ? "" : problem.code();
        String message = message(call, status, problem);
        if (status >= 500) {
            return new RegistryRefusal.Unavailable(message, retryAfter(headers), null);
        }
        return switch (status + " " + code) {
            case "404 not-registered" -> new RegistryRefusal.NotRegistered(message);
            case "409 superseded" -> new RegistryRefusal.Superseded(message);
            case "409 in-use" -> {
                Duration wait = retryAfter(headers);
                yield new RegistryRefusal.InUse(message, wait == null ? ORDINARY_LEASE : wait);
            }
            default ->
                    status == 401
                            ? new RegistryRefusal.Unauthorized(message)
                            : new RegistryRefusal.Rejected(status, problem.code(), message);
        };
    }

    private Problem problem(byte[] body) {
        try {
            Problem problem = json.readValue(body, Problem.class);
            return problem == null ? Problem.NONE : problem;
        } catch (JacksonException e) {
            // Something else than a registry may answer; its status alone is what we know then.
            return Problem.NONE;
        }
    }

    private static String message(String call, int status, Problem problem) {
        StringBuilder message = new StringBuilder(call).append(" answered ").append(status);
        if (problem.code() != null) {
            message.append(' ').append(shown(problem.code()));
        }
        String text = problem.detail() == null ? problem.title() : problem.detail();
        if (text != null) {
            message.append(": ").append(shown(text));
        }
        return message.toString();
    }

    private static String shown(String text) {
        String cut = text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
        return cut.codePoints()
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static @Nullable Duration retryAfter(HttpHeaders headers) {
        String seconds = headers.firstValue("Retry-After").orElse("").strip();
        if (seconds.isEmpty()
                || seconds.length() > 9
                || !seconds.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return null;
        }
        return Duration.ofSeconds(Math.min(Integer.parseInt(seconds), LONGEST_WAIT_SECONDS));
    }

    private record Problem(@Nullable String code, @Nullable String title, @Nullable String detail) {
        static final Problem NONE = new Problem(null, null, null);
    }
}
