package dev.lepton.supervisor.container;

import org.jspecify.annotations.Nullable;

/** The container engine did not answer, or refused a call; nothing is known of the containers. */
final class EngineAway extends RuntimeException {

    private static final long serialVersionUID = 1L;

    EngineAway(String call, Throwable cause) {
        super(call + ": " + words(cause), cause);
    }

    private static String words(Throwable failure) {
        @Nullable Throwable deeper = failure.getCause();
        // The client wraps what happened on the way in exceptions without words of their own.
        Throwable root = deeper == null ? failure : deeper;
        return String.valueOf(root.getMessage()).lines().findFirst().orElse("");
    }
}
