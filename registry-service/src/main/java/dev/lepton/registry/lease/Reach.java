package dev.lepton.registry.lease;

import dev.lepton.client.unit.UnitAddress;

/** Whether something answers at an address; blocks, for a bounded time. */
@FunctionalInterface
interface Reach {

    boolean reaches(UnitAddress address);
}
