package dev.lepton.registry.fleet;

import dev.lepton.client.watch.Position;
import dev.lepton.registry.changelog.LoggedChange;
import java.util.List;

/**
 * Told of what the {@link FleetView} shows, after it shows it, in order, on the one thread that
 * reads the change log; must not block.
 */
public interface FleetSubscriber {

    /** The next changes, without a gap to those before, in order of revision. */
    void changed(String clusterId, List<LoggedChange> changes);

    /**
     * The view was loaded anew, and what led to it is not known: at the start, when another
     * database answers, or when changes are missing from the log.
     */
    void reloaded(Position position, String reason);
}
