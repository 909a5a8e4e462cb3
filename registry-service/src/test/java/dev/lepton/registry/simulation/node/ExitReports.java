package dev.lepton.registry.simulation.node;

import static dev.lepton.registry.simulation.kernel.Spans.MILLI;
import static dev.lepton.registry.simulation.kernel.Spans.SECOND;

import dev.lepton.client.registration.ExitReport;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.simulation.happening.Happening;
import dev.lepton.registry.simulation.kernel.Ground;
import dev.lepton.registry.simulation.kernel.Life;
import dev.lepton.registry.simulation.replica.Answer;
import java.util.ArrayDeque;
import java.util.Queue;

/** Reports the ends of processes in order; they wait while no replica takes them. */
final class ExitReports {

    private static final long TIMEOUT = 2 * SECOND;
    private static final long FIRST_PAUSE = 250 * MILLI;
    private static final long LONGEST_PAUSE = SECOND;

    private record Waiting(UnitId unit, ExitReport report, Runnable taken) {}

    private final Ground ground;
    private final Life life;
    private final Registries registries;
    private final Queue<Waiting> queue = new ArrayDeque<>();
    private long pause = FIRST_PAUSE;

    ExitReports(Ground ground, Life life, Registries registries) {
        this.ground = ground;
        this.life = life;
        this.registries = registries;
    }

    /**
     * @param taken told once the registry has taken it
     */
    void add(UnitId unit, StartId start, boolean expected, Runnable taken) {
        queue.add(new Waiting(unit, new ExitReport(start, null, null, expected, null), taken));
        if (queue.size() == 1) {
            send();
        }
    }

    private void send() {
        Waiting next = queue.element();
        registries.call(
                TIMEOUT,
                (replica, reply) -> replica.exited(next.unit, next.report, reply),
                answer -> {
                    if (answer instanceof Answer.Unavailable) {
                        life.in(pause / 2 + ground.random().nextLong(pause / 2), this::send);
                        pause = Math.min(2 * pause, LONGEST_PAUSE);
                    } else {
                        taken(next, answer);
                    }
                });
    }

    private void taken(Waiting report, Answer answer) {
        pause = FIRST_PAUSE;
        if (answer instanceof Answer.Done) {
            ground.witness()
                    .see(new Happening.ExitAcknowledged(report.unit, report.report.startId()));
        }
        queue.remove();
        if (!queue.isEmpty()) {
            send();
        }
        report.taken.run();
    }
}
