package dev.lepton.supervisor.registry;

import dev.lepton.client.node.NodeBeat.Observed;
import dev.lepton.client.rest.RegistryRefusal;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitView;
import dev.lepton.client.watch.WatchStatus;
import dev.lepton.supervisor.supervision.UnitEvents;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The registry as the supervisor knows it, also when there is none. */
public interface Registry extends UnitEvents, AutoCloseable {

    /**
     * @param units how far each unit of the node has followed its desired row
     * @param listener told what the registry says
     */
    void start(Supplier<List<Observed>> units, RegistryListener listener);

    /** A unit as the registry showed it last. */
    Optional<UnitView> view(UnitId unit);

    /**
     * A service of all nodes as the registry sees it now. Waits for the answer.
     *
     * @throws RegistryRefusal when none answers, or does not know the service
     */
    ServiceOutlook outlook(ServiceName service);

    /** The state of the watch, null without a registry. */
    @Nullable WatchStatus watch();

    /** How many exit reports wait for the registry to answer. */
    int waitingReports();

    @Override
    void close();
}
