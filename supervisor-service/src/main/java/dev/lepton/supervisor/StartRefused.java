package dev.lepton.supervisor;

/** The supervisor does not start; carries what it says and its exit code. */
final class StartRefused extends Exception {

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    StartRefused(int exitCode, Exception cause) {
        super(cause.getMessage(), cause);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
