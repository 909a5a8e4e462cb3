package dev.lepton.platform.running;

import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.client.unit.UnitView;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A service as the registry shows it; what a test does not need is left out. */
public record ServiceStatus(List<UnitView> units, @Nullable Hold preserving) {

    /** The silent units that the cap on silence holds back. */
    public record Hold(Instant since, String reason, List<UnitId> units) {

        public List<String> ids() {
            return units.stream().map(UnitId::value).toList();
        }
    }

    public List<String> in(UnitState state) {
        return units.stream().filter(u -> u.state() == state).map(u -> u.unitId().value()).toList();
    }
}
