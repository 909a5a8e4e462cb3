package dev.lepton.supervisor.recovery;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a run of a unit ended without having been asked to.
 *
 * @param exitCode null when a signal ended it or the code is unknown
 * @param what the end in words, such as {@code exit code 1}
 * @param goodFor how long the run had been ready, zero when it never was
 */
public record End(@Nullable Integer exitCode, String what, Duration goodFor) {

    boolean inOrder() {
        return exitCode != null && exitCode == 0;
    }
}
