package dev.lepton.cli.drill;

import dev.lepton.cli.drill.DrillReport.ProbeResult;
import dev.lepton.cli.drill.DrillReport.Round;
import dev.lepton.client.incident.DrillFault;
import java.util.ArrayList;
import java.util.List;

/** A round as people read it. */
final class RoundWords {

    private RoundWords() {}

    static List<String> lines(int number, DrillFault fault, Round round) {
        List<String> lines = new ArrayList<>();
        lines.add(
                "round %d: %s, %s: %s after %s%s"
                        .formatted(
                                number,
                                round.unit(),
                                fault.word(),
                                round.recovered() ? "serves again" : "NOT RECOVERED",
                                Seconds.of(round.took()),
                                round.incident() == null ? "" : ", incident " + round.incident()));
        lines.add(
                "  detect %s, decide %s, start %s, serve %s"
                        .formatted(
                                Seconds.of(round.detect()),
                                Seconds.of(round.decide()),
                                Seconds.of(round.start()),
                                Seconds.of(round.serve())));
        ProbeResult probe = round.probe();
        if (probe != null) {
            lines.add(
                    "  GET %s: %d sent, %d failed, slowest %s"
                            .formatted(
                                    probe.path(),
                                    probe.sent(),
                                    probe.failed(),
                                    Seconds.of(probe.slowest())));
        }
        return lines;
    }

    /** What went wrong in a round that was not good, and where to look. */
    static String failure(Round round) {
        ProbeResult probe = round.probe();
        String what =
                round.recovered() && probe != null
                        ? "%d requests failed while '%s' was recovered (%s)"
                                .formatted(probe.failed(), round.unit(), probe.firstFailure())
                        : "'%s' did not recover within %s"
                                .formatted(round.unit(), Seconds.of(round.took()));
        return "%s: look at './lepton logs %s', and at its incident: %s"
                .formatted(
                        what,
                        round.unit(),
                        round.incident() == null
                                ? "none was seen"
                                : "GET /v1/incidents/%d at the registry"
                                        .formatted(round.incident()));
    }
}
