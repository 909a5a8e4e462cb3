package dev.lepton.client.watch;

import java.util.List;

/**
 * Told of each new picture of the fleet, in order, on the watch's own thread; of the list from disk
 * within {@link UnitWatch#start()}. Must not block for long.
 */
@FunctionalInterface
public interface FleetListener {

    /**
     * @param fleet the picture now
     * @param changes what led to it since the last call, in order of revision; empty after a new
     *     list
     */
    void fleetChanged(Fleet fleet, List<Change> changes);
}
