package dev.lepton.cli.drill;

import dev.lepton.cli.drill.DrillReport.Round;
import dev.lepton.cli.outcome.CommandFailed;
import dev.lepton.cli.outcome.ExitCode;
import dev.lepton.cli.supervisor.UnitRow;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which unit is struck next: the one that is named, else one that is up and was struck the least.
 *
 * @param named null for any
 */
record UnitChoice(ServiceName service, @Nullable UnitId named) {

    UnitRow among(List<UnitRow> rows, List<Round> earlier) {
        UnitId meant = named;
        if (meant != null) {
            return rows.stream()
                    .filter(row -> row.id().equals(meant.value()))
                    .findFirst()
                    .map(this::ofTheService)
                    .orElseGet(() -> elsewhere(meant));
        }
        return rows.stream()
                .filter(row -> row.service().equals(service.value()))
                .min(
                        Comparator.comparing((UnitRow row) -> row.state() != UnitState.UP)
                                .thenComparing(row -> timesStruck(row, earlier)))
                .orElseThrow(() ->
                        new CommandFailed(
                                ExitCode.FAILED,
                                ("no unit of service '%s' is on this node; './lepton units' lists"
                                                + " the units")
                                        .formatted(service)));
    }

    private static long timesStruck(UnitRow row, List<Round> earlier) {
        return earlier.stream().filter(round -> round.unit().equals(row.id())).count();
    }

    private UnitRow ofTheService(UnitRow row) {
        if (!row.service().equals(service.value())) {
            throw new CommandFailed(
                    ExitCode.USAGE,
                    "unit '%s' is of service '%s', not of '%s'"
                            .formatted(row.id(), row.service(), service));
        }
        return row;
    }

    /** The supervisor may know where it is, and says it. */
    private UnitRow elsewhere(UnitId unit) {
        return new UnitRow(
                unit.value(), service.value(), UnitState.STOPPED, null, null, null, null, null);
    }
}
