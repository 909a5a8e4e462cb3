package dev.lepton.client.unit;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A service as the registry shows it; what no client needs is left out.
 *
 * @param preserving null unless silent units are kept that the cap on silence holds back
 */
public record KnownService(
        ServiceName service, List<UnitView> units, @Nullable Preserving preserving) {

    public KnownService {
        Objects.requireNonNull(service, "'service' is missing");
        units = List.copyOf(units);
    }

    /**
     * @param reason why the first of the units is held
     */
    public record Preserving(String reason, List<UnitId> units) {

        public Preserving {
            Objects.requireNonNull(reason, "'reason' is missing");
            units = List.copyOf(units);
        }
    }
}
