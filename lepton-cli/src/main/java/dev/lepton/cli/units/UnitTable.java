package dev.lepton.cli.units;

import dev.lepton.cli.supervisor.UnitRow;
import dev.lepton.cli.terminal.Table;
import dev.lepton.client.unit.UnitState;
import java.util.List;
import java.util.Optional;

/** Units as one table, and an address that a person can try. */
public record UnitTable(List<UnitRow> units) {

    public UnitTable {
        units = List.copyOf(units);
    }

    public List<String> lines() {
        Table table = new Table("UNIT", "STATE", "ADDRESS", "PID");
        for (UnitRow unit : units) {
            table.row(
                    unit.id(),
                    unit.state().name(),
                    unit.address() == null ? "-" : unit.address(),
                    unit.pid() == null ? "-" : unit.pid().toString());
        }
        return table.lines();
    }

    /** A URL of the sample service at the gateway, when both serve. */
    public Optional<String> example() {
        boolean workers =
                units.stream()
                        .anyMatch(u -> u.service().equals("worker") && u.state() == UnitState.UP);
        return units.stream()
                .filter(unit -> workers && unit.service().equals("gateway"))
                .flatMap(unit -> Optional.ofNullable(unit.address()).stream())
                .map(address -> address + "/worker/hello")
                .findFirst();
    }
}
