package dev.lepton.supervisor.journal;

import java.nio.file.Path;

/** A journal file is no record, so that nobody knows whether a process of its unit runs. */
public final class UnreadableJournal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnreadableJournal(Path file, Exception cause) {
        super(
                "the journal %s is unreadable (%s); make sure that no process of this unit runs, then delete the file"
                        .formatted(file, firstLine(cause)),
                cause);
    }

    private static String firstLine(Exception cause) {
        return String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    }
}
