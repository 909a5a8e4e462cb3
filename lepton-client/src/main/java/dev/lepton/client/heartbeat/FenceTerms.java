package dev.lepton.client.heartbeat;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long the process of an exclusive unit may go on without a confirmation: a registration, or a
 * beat that was answered as stored. Both count from when the confirmed call was sent.
 *
 * @param stopAfter when it takes no request any more and begins to end
 * @param goneAfter when it must have ended; a replacement may start some time after that
 */
public record FenceTerms(Duration stopAfter, Duration goneAfter) {

    /**
     * With which a process ends that was not confirmed, as EX_TEMPFAIL of sysexits.h: another
     * start, later, may succeed.
     */
    public static final int EXIT_CODE = 75;

    public FenceTerms(@Nullable Duration stopAfter, @Nullable Duration goneAfter) {
        if (stopAfter == null || goneAfter == null) {
            throw new IllegalArgumentException("a fence needs 'stopAfter' and 'goneAfter'");
        }
        if (!stopAfter.isPositive() || goneAfter.compareTo(stopAfter) <= 0) {
            throw new IllegalArgumentException(
                    "goneAfter %s must be longer than stopAfter %s, which must be positive"
                            .formatted(goneAfter, stopAfter));
        }
        this.stopAfter = stopAfter;
        this.goneAfter = goneAfter;
    }
}
