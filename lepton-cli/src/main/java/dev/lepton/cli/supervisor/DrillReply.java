package dev.lepton.cli.supervisor;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a supervisor says to a wish for a drill.
 *
 * @param struck whether it was done
 * @param detail why it is refused, null when it is not
 * @param rails how each guard rail stands; empty when the unit is not one of this supervisor's
 */
public record DrillReply(boolean struck, @Nullable String detail, List<RailState> rails) {

    public DrillReply(boolean struck, @Nullable String detail, @Nullable List<RailState> rails) {
        this.struck = struck;
        this.detail = detail;
        this.rails = rails == null ? List.of() : List.copyOf(rails);
    }

    /** One guard rail, and in a sentence how it stands. */
    public record RailState(String rail, boolean holds, String told) {}
}
