package dev.lepton.supervisor.container;

import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a container.
 *
 * @param at by the engine's clock
 * @param exitCode of one that died, null when the engine did not say
 */
record EngineEvent(String containerId, Kind kind, Instant at, @Nullable Integer exitCode) {

    private static final Pattern NOTHING_CHANGES =
            Pattern.compile("(exec_|health_status|top|attach|detach|resize|archive-path).*");

    /** What happened, as far as it matters here. */
    enum Kind {
        /** Its main process has ended. */
        DIE,
        /** The kernel killed a process of it for want of memory. */
        OOM,
        START,
        /** It was stopped by a call, so that the engine will not start it again by itself. */
        STOP,
        OTHER;

        /** Null of what changes nothing: each health check alone tells three such events. */
        static @Nullable Kind of(@Nullable String action) {
            if (action != null && NOTHING_CHANGES.matcher(action).matches()) {
                return null;
            }
            return switch (action) {
                case "die" -> DIE;
                case "oom" -> OOM;
                case "start" -> START;
                case "stop" -> STOP;
                case null, default -> OTHER;
            };
        }
    }
}
