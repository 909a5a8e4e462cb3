package dev.lepton.supervisor.api;

import dev.lepton.supervisor.drill.Finding;
import dev.lepton.supervisor.drill.Rail;
import java.util.List;

/** A drill that a rail does not let pass; nothing was done. */
final class DrillRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<Finding> rails;
    private final Rail rail;

    DrillRefused(Finding refusal, List<Finding> rails) {
        super(refusal.told());
        this.rail = refusal.rail();
        this.rails = List.copyOf(rails);
    }

    /** Of the first one that refuses. */
    String code() {
        return rail == Rail.START ? "superseded" : "drill-refused";
    }

    List<Finding> rails() {
        return rails;
    }
}
