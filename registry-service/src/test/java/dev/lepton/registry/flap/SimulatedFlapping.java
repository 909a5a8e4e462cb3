package dev.lepton.registry.flap;

import dev.lepton.client.watch.Position;
import dev.lepton.registry.changelog.LoggedChange;
import dev.lepton.registry.fleet.FleetView;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.settings.FlapSettings;
import dev.lepton.registry.unit.UnitRow;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link Flapping} as the simulation uses it. */
public final class SimulatedFlapping {

    private final Flapping flapping;
    private List<LoggedChange> log = List.of();

    public SimulatedFlapping(FlapSettings settings, FleetView fleet, InstantSource time) {
        flapping =
                new Flapping(
                        new FlapDamping(settings), _ -> downs(log), fleet, time, Runnable::run);
    }

    public @Nullable String objection(UnitRow unit) {
        return flapping.objection(unit);
    }

    /**
     * @param whole the change log from its beginning
     */
    public void loaded(Position position, List<LoggedChange> whole) {
        log = whole;
        flapping.reloaded(position, "loaded");
    }

    public void changed(String cluster, List<LoggedChange> changes) {
        flapping.changed(cluster, changes);
    }

    private static List<Downs.Down> downs(List<LoggedChange> log) {
        return log.stream()
                .filter(SimulatedFlapping::wentDown)
                .map(c -> new Downs.Down(c.unitId(), c.revision(), c.at()))
                .toList();
    }

    private static boolean wentDown(LoggedChange change) {
        UnitRow unit = change.unit();
        boolean served = change.from() == Phase.UP || change.from() == Phase.SUSPECT;
        return served
                && unit != null
                && (unit.phase() == Phase.DOWN_SILENT
                        || unit.phase() == Phase.DOWN_HUNG
                        || unit.phase() == Phase.DOWN_EXITED);
    }
}
