package dev.lepton.registry.simulation.promise;

import dev.lepton.client.desired.Desired;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.simulation.happening.Happening;
import dev.lepton.registry.simulation.happening.Happening.Committed;
import dev.lepton.registry.simulation.happening.Happening.RegistrationAcknowledged;
import dev.lepton.registry.simulation.happening.Happening.WishAcknowledged;
import java.util.HashSet;
import java.util.Set;

/** P1: a registration or a wish that was acknowledged is in the log. */
public final class AcknowledgedIsStored implements Promise {

    private record Start(UnitId unit, StartId start, long incarnation) {}

    private final Set<Start> starts = new HashSet<>();
    private final Set<Desired> wishes = new HashSet<>();

    @Override
    public void see(Happening happening, long now) {
        if (happening instanceof Committed(var change, var _, var _)) {
            if (change.unit() != null) {
                var row = change.unit();
                starts.add(new Start(row.id(), row.startId(), row.incarnation()));
            }
            if (change.desired() != null) {
                wishes.add(change.desired());
            }
        } else if (happening
                instanceof RegistrationAcknowledged(var unit, var start, var incarnation)) {
            require(starts.contains(new Start(unit, start, incarnation)), happening);
        } else if (happening instanceof WishAcknowledged(var desired)) {
            require(wishes.contains(desired), happening);
        }
    }

    private static void require(boolean stored, Happening acknowledged) {
        if (!stored) {
            throw new BrokenPromise(
                    "P1 what was acknowledged is stored", acknowledged + " is not in the log");
        }
    }
}
