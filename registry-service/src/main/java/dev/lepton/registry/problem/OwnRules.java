package dev.lepton.registry.problem;

import org.jspecify.annotations.Nullable;

/**
 * Finds the message of a rule of the protocol. Only such a message is written for callers; one of a
 * library may tell them about classes.
 */
final class OwnRules {

    private OwnRules() {}

    /** Null when no rule of ours was broken. */
    static @Nullable String messageIn(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IllegalArgumentException && isOurs(cause)) {
                return cause.getMessage();
            }
        }
        return null;
    }

    private static boolean isOurs(Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        return trace.length > 0 && trace[0].getClassName().startsWith("dev.lepton.");
    }
}
