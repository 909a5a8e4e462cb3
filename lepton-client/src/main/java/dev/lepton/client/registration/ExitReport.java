package dev.lepton.client.registration;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.Texts;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /v1/units/{id}/exit}: a supervisor saw the process of a start end.
 *
 * @param exitCode 0 to 255, null when it is unknown (a process that was re-adopted)
 * @param signal the number of the signal that ended it, null when none did or it is unknown
 * @param expected whether the end was asked for (a stop), so that it is no failure
 * @param reason one sentence for people, at most 500 characters
 */
public record ExitReport(
        StartId startId,
        @Nullable Integer exitCode,
        @Nullable Integer signal,
        boolean expected,
        @Nullable String reason) {

    public ExitReport(
            @Nullable StartId startId,
            @Nullable Integer exitCode,
            @Nullable Integer signal,
            boolean expected,
            @Nullable String reason) {
        if (startId == null) {
            throw new IllegalArgumentException("'startId' is missing");
        }
        if (exitCode != null && (exitCode < 0 || exitCode > 255)) {
            throw new IllegalArgumentException(
                    "exitCode %d must be from 0 to 255".formatted(exitCode));
        }
        if (signal != null && (signal < 1 || signal > 64)) {
            throw new IllegalArgumentException("signal %d must be from 1 to 64".formatted(signal));
        }
        this.startId = startId;
        this.exitCode = exitCode;
        this.signal = signal;
        this.expected = expected;
        this.reason = Texts.checked("reason", reason, 500);
    }
}
