package dev.lepton.supervisor.registry;

import dev.lepton.client.incident.KnownIncident;
import dev.lepton.client.unit.KnownService;
import java.util.List;

/**
 * A service of all nodes, and what is wrong with it.
 *
 * @param openIncidents the latest ones
 */
public record ServiceOutlook(KnownService service, List<KnownIncident> openIncidents) {

    public ServiceOutlook {
        openIncidents = List.copyOf(openIncidents);
    }
}
