package dev.lepton.client.incident;

import dev.lepton.client.unit.Texts;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A failure that was made on purpose.
 *
 * @param decidedBy who wanted it, at most 100 characters
 * @param struckAt by the supervisor's clock
 */
public record Drill(DrillFault fault, String decidedBy, Instant struckAt) {

    public static final int LONGEST_NAME = 100;

    public Drill(
            @Nullable DrillFault fault, @Nullable String decidedBy, @Nullable Instant struckAt) {
        if (fault == null) {
            throw new IllegalArgumentException("'fault' is missing");
        }
        if (decidedBy == null || decidedBy.isBlank()) {
            throw new IllegalArgumentException("'decidedBy' is missing");
        }
        if (struckAt == null) {
            throw new IllegalArgumentException("'struckAt' is missing");
        }
        this.fault = fault;
        this.decidedBy = Texts.required("decidedBy", decidedBy, LONGEST_NAME);
        this.struckAt = struckAt;
    }

    /** For people, such as {@code struck by a drill (kill, SIGKILL), which ann decided}. */
    public String words() {
        return "struck by a drill (%s, %s), which %s decided"
                .formatted(fault.word(), fault.signal(), decidedBy);
    }
}
