package dev.lepton.benchmarks.faults;

import dev.lepton.benchmarks.load.LatencyReport;
import dev.lepton.benchmarks.peer.Peer;
import dev.lepton.benchmarks.peer.Setup;
import dev.lepton.benchmarks.process.Machine;
import dev.lepton.benchmarks.process.Stage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** What clients notice of a unit that freezes or is killed, behind each gateway. */
public final class FaultBenchmark {

    private static final int ATTEMPTS = 3;
    private static final double TOLERATED_LAG_MILLIS = 50;

    private final Path checkout;
    private final Plan plan;

    public FaultBenchmark(Path checkout, List<String> arguments) {
        this.checkout = checkout;
        this.plan = Plan.parse(arguments);
    }

    public void run() throws IOException, InterruptedException {
        Machine begin = Machine.now();
        StringBuilder table = new StringBuilder("| |");
        for (Fault fault : Fault.values()) {
            table.append(" %s: failed | p50, p99.9, longest |".formatted(fault.title()));
        }
        table.append("\n").append("| --- ".repeat(1 + 2 * Fault.values().length)).append("|\n");
        for (Peer peer : plan.peers()) {
            if (!peer.installed()) {
                System.err.println("left out, not installed: " + peer.title());
                continue;
            }
            table.append("| ").append(peer.title()).append(" |");
            for (Fault fault : Fault.values()) {
                table.append(trial(peer, fault));
            }
            table.append('\n');
        }
        System.out.printf(
                Locale.ROOT,
                """
                %s %d GETs a second for %d s, the fault after %d s; a request has failed when its answer is not 200 or not there within 5 s.

                %s\
                """,
                Machine.during(begin, Machine.now()),
                plan.rate(),
                plan.length().toSeconds(),
                plan.faultAfter().toSeconds(),
                table);
    }

    /** A trial of a gateway that was in trouble before the fault tells nothing of the fault. */
    private String trial(Peer peer, Fault fault) throws IOException, InterruptedException {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            System.err.printf("%s: %s, attempt %d%n", peer.title(), fault.title(), attempt);
            LatencyReport report = run(peer, fault);
            boolean sound =
                    report.failedWithin(plan.faultAfter()) == 0
                            && report.lagMillis(0.99) < TOLERATED_LAG_MILLIS;
            System.err.printf(
                    Locale.ROOT,
                    "%s the client was %.1f ms late, p99; %d failed before the fault%n",
                    cells(report),
                    report.lagMillis(0.99),
                    report.failedWithin(plan.faultAfter()));
            if (sound) {
                return cells(report);
            }
        }
        return " the machine was too busy, %d times | |".formatted(ATTEMPTS);
    }

    private LatencyReport run(Peer peer, Fault fault) throws IOException, InterruptedException {
        try (Stage stage = Stage.open()) {
            Setup setup = Setup.of(stage, checkout, 1, Trial.unitPorts(), false);
            return new Trial(plan, stage, setup).run(peer, fault);
        }
    }

    private static String cells(LatencyReport report) {
        return String.format(
                Locale.ROOT,
                " %,d of %,d | %.1f, %.0f, %.0f ms |",
                report.failed(),
                report.requests(),
                report.millis(0.5),
                report.millis(0.999),
                report.millis(1));
    }
}
