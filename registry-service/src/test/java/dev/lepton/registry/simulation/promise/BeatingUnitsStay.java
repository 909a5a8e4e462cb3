package dev.lepton.registry.simulation.promise;

import dev.lepton.client.unit.StartId;
import dev.lepton.registry.simulation.happening.Happening;
import dev.lepton.registry.simulation.happening.Happening.DatabaseCrashed;
import dev.lepton.registry.simulation.happening.Happening.Decided;
import dev.lepton.registry.simulation.happening.Happening.MarkStored;
import dev.lepton.registry.simulation.postgres.Server;
import java.util.HashMap;
import java.util.Map;

/** P2: nobody is suspected or evicted whose beats have arrived in PostgreSQL lately. */
public final class BeatingUnitsStay implements Promise {

    private final Map<StartId, Long> marked = new HashMap<>();
    private final SilenceTerms terms;

    public BeatingUnitsStay(SilenceTerms terms) {
        this.terms = terms;
    }

    @Override
    public void see(Happening happening, long now) {
        if (happening instanceof MarkStored(var _, var start, var _)) {
            marked.put(start, now);
        } else if (happening instanceof DatabaseCrashed) {
            marked.values().removeIf(at -> now - at <= Server.LOST_AT_MOST);
        } else if (happening instanceof Decided(var _, var _, var row, var event, var readAt)) {
            Long last = marked.get(row.startId());
            if (last != null && last <= readAt && terms.tooShort(event, now - last)) {
                throw new BrokenPromise(
                        "P2 a unit that beats is never evicted",
                        "%s of %s is decided %d ms after its mark was stored"
                                .formatted(event, row.id(), (now - last) / 1_000_000));
            }
        }
    }
}
