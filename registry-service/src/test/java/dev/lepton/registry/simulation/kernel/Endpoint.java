package dev.lepton.registry.simulation.kernel;

import org.jspecify.annotations.Nullable;

/** Where a message can go: a place in the network, and the process that listens there now. */
public interface Endpoint {

    String place();

    /** Null while nobody listens. */
    @Nullable Life listener();
}
