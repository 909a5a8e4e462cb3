package dev.lepton.registry.security;

import org.springframework.boot.ExitCodeGenerator;

/**
 * Why the file of the bearer token cannot be used, and the exit code (as in sysexits.h) that says
 * that somebody has to change something first.
 */
public final class TokenRefused extends RuntimeException implements ExitCodeGenerator {

    private static final int MISCONFIGURED = 78;

    TokenRefused(String message) {
        super(message);
    }

    TokenRefused(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public int getExitCode() {
        return MISCONFIGURED;
    }
}
