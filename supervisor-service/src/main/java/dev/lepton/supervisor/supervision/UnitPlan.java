package dev.lepton.supervisor.supervision;

import dev.lepton.client.unit.UnitId;
import dev.lepton.supervisor.declaration.ServiceDeclaration;

/** One unit of a declared service. */
public record UnitPlan(UnitId id, ServiceDeclaration service) {}
