package dev.lepton.supervisor.drill;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.supervisor.recovery.UnitPolicy;
import dev.lepton.supervisor.registry.ServiceOutlook;
import dev.lepton.supervisor.supervision.UnitPlan;
import dev.lepton.supervisor.supervision.UnitStatus;
import org.jspecify.annotations.Nullable;

/**
 * What is known when a drill is to be decided.
 *
 * @param start the one that whoever asks has seen
 * @param underWay the unit of this node that another drill strikes, null when none does
 * @param notRestarted why the unit would not be started again, null when it would be
 * @param outlook null when no registry says how the service is
 * @param silence why none does, empty when one says it
 */
record DrillSight(
        UnitPlan plan,
        UnitStatus status,
        UnitPolicy policy,
        StartId start,
        @Nullable UnitId underWay,
        @Nullable String notRestarted,
        @Nullable ServiceOutlook outlook,
        String silence) {}
