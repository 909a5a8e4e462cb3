package dev.lepton.supervisor.runtime;

import org.jspecify.annotations.Nullable;

/**
 * How a process ended.
 *
 * @param code its exit code, null when a signal ended it or it is unknown
 * @param signal the signal's number, null when none did or it is unknown
 */
public record Exit(@Nullable Integer code, @Nullable Integer signal) {

    private static final int SIGNAL_BASE = 128;
    private static final int HIGHEST_SIGNAL = 64;

    /** The process was not our child, so that its code went elsewhere. */
    public static final Exit UNKNOWN = new Exit(null, null);

    /** By the status that a shell would show: 128 + n for signal n. */
    public static Exit ofStatus(int status) {
        return status > SIGNAL_BASE && status <= SIGNAL_BASE + HIGHEST_SIGNAL
                ? new Exit(null, status - SIGNAL_BASE)
                : new Exit(status & 0xff, null);
    }

    /** The exit code as a shell would show it; null when unknown. */
    public @Nullable Integer status() {
        return signal != null ? Integer.valueOf(SIGNAL_BASE + signal) : code;
    }

    @Override
    public String toString() {
        if (signal != null) {
            return "signal " + signal + name(signal);
        }
        return code != null ? "exit code " + code : "unknown exit code";
    }

    private static String name(int signal) {
        return switch (signal) {
            case 1 -> " (SIGHUP)";
            case 2 -> " (SIGINT)";
            case 3 -> " (SIGQUIT)";
            case 6 -> " (SIGABRT)";
            case 7 -> " (SIGBUS)";
            case 9 -> " (SIGKILL)";
            case 11 -> " (SIGSEGV)";
            case 15 -> " (SIGTERM)";
            default -> "";
        };
    }
}
