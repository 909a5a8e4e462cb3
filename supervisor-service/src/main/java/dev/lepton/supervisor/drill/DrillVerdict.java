package dev.lepton.supervisor.drill;

import dev.lepton.client.incident.Drill;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What has come of a wish for a drill.
 *
 * @param drill null when nothing was done
 */
public record DrillVerdict(List<Finding> rails, @Nullable Drill drill) {

    public DrillVerdict {
        rails = List.copyOf(rails);
    }

    /** The first rail that does not let it pass. */
    public Optional<Finding> refusal() {
        return rails.stream().filter(finding -> !finding.holds()).findFirst();
    }
}
