package dev.lepton.platform.running;

import dev.lepton.client.unit.UnitState;
import org.jspecify.annotations.Nullable;

/** A unit as the supervisor's interface shows it; what a test does not need is left out. */
public record UnitStatus(
        String id,
        String service,
        UnitState state,
        @Nullable String address,
        @Nullable Long pid,
        @Nullable Long incarnation,
        @Nullable String startId,
        @Nullable String managementAddress) {

    public long livePid() {
        if (pid == null) {
            throw new IllegalStateException("unit " + id + " has no process");
        }
        return pid;
    }
}
