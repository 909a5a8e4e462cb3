package dev.lepton.registry.lease;

import dev.lepton.registry.lifecycle.Event;
import dev.lepton.registry.unit.UnitRow;

/**
 * What the leader proposes for a unit after a look at the marks.
 *
 * @param unit the row on which the decision rests
 */
record LeaseDecision(UnitRow unit, Event event, String reason) {}
