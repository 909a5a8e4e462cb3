package dev.lepton.registry.postgres;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.ExitCodeGenerator;

/** Why the embedded PostgreSQL cannot be had, and the exit code (as in sysexits.h) that says so. */
public final class PostgresRefusal extends RuntimeException implements ExitCodeGenerator {

    private final int exitCode;

    private PostgresRefusal(int exitCode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** Somebody has to change something first: the same start fails again. */
    static PostgresRefusal misconfigured(String message) {
        return new PostgresRefusal(78, message, null);
    }

    /** Another process uses the folder: a later start may succeed. */
    static PostgresRefusal inUse(String message) {
        return new PostgresRefusal(75, message, null);
    }

    static PostgresRefusal failed(String message) {
        return new PostgresRefusal(1, message, null);
    }

    static PostgresRefusal failed(String message, Throwable cause) {
        return new PostgresRefusal(1, message + ": " + cause.getMessage(), cause);
    }

    @Override
    public int getExitCode() {
        return exitCode;
    }
}
