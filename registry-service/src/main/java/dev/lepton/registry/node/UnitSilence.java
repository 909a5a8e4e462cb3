package dev.lepton.registry.node;

import dev.lepton.registry.unit.UnitRow;

/**
 * Whether nothing was heard of a unit's holder for its whole lease, as this replica has seen it.
 */
@FunctionalInterface
public interface UnitSilence {

    boolean over(UnitRow unit);
}
