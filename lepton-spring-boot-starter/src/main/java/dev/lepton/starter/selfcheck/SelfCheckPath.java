package dev.lepton.starter.selfcheck;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The path that the self-check asks, within the application, and the mark by which this process
 * knows its own question.
 *
 * @param answeredByStarter whether the starter answers it; otherwise the service does, and it runs
 *     through all that its requests run through
 * @param mark random, so that nobody else's request passes for a self-check
 */
public record SelfCheckPath(String path, boolean answeredByStarter, String mark) {

    /** Where the starter answers when the service names no path of its own. */
    public static final String DEFAULT = "/lepton/self-check";

    /** Carries the mark; such a request is neither counted nor turned away. */
    public static final String HEADER = "Lepton-Self-Check";

    /**
     * @param own a path of the service, null for the starter's
     */
    public static SelfCheckPath of(@Nullable String own) {
        return new SelfCheckPath(
                own == null ? DEFAULT : own, own == null, UUID.randomUUID().toString());
    }

    /** Whether a request is the starter's to answer. Anybody may ask, as of a liveness probe. */
    public boolean isAnsweredHere(String method, String requestPath) {
        return answeredByStarter
                && path.equals(requestPath)
                && (method.equals("GET") || method.equals("HEAD"));
    }

    /** Whether this header shows that the unit asks itself. */
    public boolean isOwn(@Nullable String header) {
        return mark.equals(header);
    }
}
