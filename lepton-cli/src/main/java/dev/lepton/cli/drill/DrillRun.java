package dev.lepton.cli.drill;

import dev.lepton.cli.drill.DrillReport.Round;
import dev.lepton.cli.outcome.CommandFailed;
import dev.lepton.cli.running.Surroundings;
import dev.lepton.cli.running.Surroundings.Stopwatch;
import dev.lepton.cli.supervisor.SupervisorApi;
import dev.lepton.cli.supervisor.UnitRow;
import dev.lepton.cli.terminal.Terminal;
import dev.lepton.client.incident.KnownIncident;
import dev.lepton.client.rest.RegistryClient;
import dev.lepton.client.rest.RegistryRefusal;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Watches one unit that was struck until it serves again and its incident is closed. */
final class DrillRun {

    /** A start deadline, a backoff and a permit that others hold, and some more. */
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private static final Duration LOOK = Duration.ofMillis(250);

    private final SupervisorApi supervisor;
    private final RegistryClient registry;
    private final Terminal terminal;
    private final Surroundings around;
    private final UnitId unit;
    private final StartId struck;
    private final Stopwatch stopwatch;
    private String shown = "";

    DrillRun(
            SupervisorApi supervisor,
            RegistryClient registry,
            Terminal terminal,
            Surroundings around,
            UnitId unit,
            StartId struck) {
        this.supervisor = supervisor;
        this.registry = registry;
        this.terminal = terminal;
        this.around = around;
        this.unit = unit;
        this.struck = struck;
        this.stopwatch = around.stopwatch();
    }

    /** Waits until it is over, or for as long as there is hope. */
    Round follow() {
        KnownIncident incident = null;
        while (!stopwatch.isPast(LIMIT)) {
            UnitRow row = row();
            incident = incident();
            if (row != null) {
                show(row, incident);
                if (servesAgain(row) && incident != null && !incident.open()) {
                    return round(true, incident);
                }
                if (row.state() == UnitState.QUARANTINED) {
                    break;
                }
            }
            around.pause(LOOK);
        }
        return round(false, incident);
    }

    /** Also for the registry, which decides about the next round. */
    private boolean servesAgain(UnitRow row) {
        return row.state() == UnitState.UP
                && row.incarnation() != null
                && !struck.toString().equals(row.startId());
    }

    private @Nullable UnitRow row() {
        try {
            return supervisor.units().stream()
                    .filter(each -> each.id().equals(unit.value()))
                    .findFirst()
                    .orElse(null);
        } catch (CommandFailed e) {
            // One that is away for a moment recovers the unit all the same.
            return null;
        }
    }

    private @Nullable KnownIncident incident() {
        try {
            return registry.incidentsOf(unit).stream()
                    .filter(each -> each.startId().equals(struck))
                    .findFirst()
                    .orElse(null);
        } catch (RegistryRefusal e) {
            // It was there a moment ago, and is waited for.
            return null;
        }
    }

    private void show(UnitRow row, @Nullable KnownIncident incident) {
        String now =
                "%s is %s%s: %s"
                        .formatted(
                                unit,
                                row.state(),
                                incident == null
                                        ? ""
                                        : ", incident %d is %s"
                                                .formatted(
                                                        incident.id(),
                                                        incident.open() ? "open" : "closed"),
                                row.reason());
        if (!now.equals(shown)) {
            shown = now;
            terminal.progress("  %6s  %s".formatted(Seconds.of(stopwatch.elapsed()), now));
        }
    }

    private Round round(boolean recovered, @Nullable KnownIncident listed) {
        Duration took = stopwatch.elapsed();
        KnownIncident whole = listed == null ? null : whole(listed);
        return new Round(
                unit.value(),
                struck.toString(),
                recovered,
                took,
                whole == null ? null : whole.id(),
                whole == null ? null : whole.detect(),
                whole == null ? null : whole.decide(),
                whole == null ? null : whole.start(),
                whole == null ? null : whole.serve(),
                null);
    }

    /** The list has no durations. */
    private KnownIncident whole(KnownIncident listed) {
        try {
            return registry.incident(listed.id());
        } catch (RegistryRefusal e) {
            return listed;
        }
    }
}
