package dev.lepton.registry.simulation.promise;

import dev.lepton.registry.simulation.happening.Happening;
import dev.lepton.registry.simulation.happening.Happening.Decided;
import dev.lepton.registry.simulation.happening.Happening.Looked;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** P3: silence counts only from when the leader leads, and looks without a gap. */
public final class LeasesStartAfresh implements Promise {

    private final Map<UUID, Sight> sights = new HashMap<>();
    private final SilenceTerms terms;
    private final Duration latest;

    /**
     * @param latest from one look to the next; a later one has seen a gap
     */
    public LeasesStartAfresh(SilenceTerms terms, Duration latest) {
        this.terms = terms;
        this.latest = latest;
    }

    @Override
    public void see(Happening happening, long now) {
        if (happening instanceof Looked look) {
            sights.computeIfAbsent(look.replica(), _ -> new Sight(latest.toNanos()))
                    .looked(look, now);
        } else if (happening instanceof Decided(var replica, var _, var row, var event, var _)) {
            Long since = sights.get(replica).since(now);
            if (since == null || terms.tooShort(event, now - since)) {
                throw new BrokenPromise(
                        "P3 nobody is evicted because the registry had a gap",
                        "%s of %s is decided %s after the leader began to see"
                                .formatted(
                                        event,
                                        row.id(),
                                        since == null ? "not" : (now - since) / 1_000_000 + " ms"));
            }
        }
    }
}
