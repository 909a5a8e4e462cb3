package dev.lepton.cli.outcome;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A command did not do what it was asked; the message is one sentence that says what to do. */
public final class CommandFailed extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    private final int exitCode;

    public CommandFailed(ExitCode code, String message) {
        this(code, message, null);
    }

    public CommandFailed(ExitCode code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = code.number();
    }

    /**
     * @param exitCode of a process whose end is the command's own
     */
    public CommandFailed(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** What went wrong, and what to do. */
    public String sentence() {
        return String.valueOf(getMessage());
    }

    public int exitCode() {
        return exitCode;
    }
}
