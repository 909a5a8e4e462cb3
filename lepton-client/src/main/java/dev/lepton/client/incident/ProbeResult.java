package dev.lepton.client.incident;

import dev.lepton.client.unit.Texts;
import java.time.Instant;
import java.util.Objects;

/**
 * One look at a unit.
 *
 * @param what the answer in words, at most 200 characters
 */
public record ProbeResult(Instant at, boolean good, String what) {

    public ProbeResult {
        Objects.requireNonNull(at, "'at' is missing");
        what = Texts.fitted(Objects.requireNonNull(what, "'what' is missing"), 200);
    }
}
