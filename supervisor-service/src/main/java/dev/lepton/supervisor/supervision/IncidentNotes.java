package dev.lepton.supervisor.supervision;

import dev.lepton.client.incident.BlackBox;
import dev.lepton.client.incident.IncidentCause;
import dev.lepton.client.incident.IncidentReport;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.Texts;
import dev.lepton.supervisor.declaration.Beating;
import dev.lepton.supervisor.runtime.Exit;
import dev.lepton.supervisor.runtime.RunLogs;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what becomes of a unit from the failure of one start until the next one is ready, and
 * tells it whenever there is more to tell.
 */
final class IncidentNotes {

    private static final int LONGEST = 500;

    private final Standing standing;
    private final Surroundings around;
    private @Nullable StartId failed;
    private @Nullable IncidentReport report;

    IncidentNotes(Standing standing, Surroundings around) {
        this.standing = standing;
        this.around = around;
    }

    /** A run has ended without having been asked to. */
    void failed(LiveRun live, Exit exit, IncidentCause cause, String reason) {
        Instant now = around.clock().instant();
        List<String> lines =
                standing.entry().log() == null
                        ? List.of()
                        : RunLogs.lastLines(
                                standing.entry().log(), BlackBox.MOST_LINES, BlackBox.LONGEST_LINE);
        begin(
                live.run.startId(),
                new IncidentReport(
                        standing.plan().service().name(),
                        around.node(),
                        cause,
                        live.wellAt,
                        live.detectedAt == null ? now : live.detectedAt,
                        null,
                        null,
                        null,
                        null,
                        exit.code(),
                        exit.signal(),
                        null,
                        null,
                        Texts.fitted(reason, LONGEST),
                        new BlackBox(live.threads, lines, live.looks()),
                        standing.entry().drillOf(live.run.startId())));
    }

    /** No process could be started. */
    void startFailed(StartId start, String reason) {
        begin(
                start,
                new IncidentReport(
                        standing.plan().service().name(),
                        around.node(),
                        IncidentCause.START_FAILED,
                        null,
                        around.clock().instant(),
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        Texts.fitted(reason, LONGEST),
                        null,
                        null));
    }

    private void begin(StartId start, IncidentReport begun) {
        failed = start;
        tell(begun);
    }

    void decided(String decision) {
        IncidentReport known = report;
        if (known != null && known.decidedAt() == null) {
            tell(
                    with(
                            known,
                            around.clock().instant(),
                            Texts.fitted(decision, LONGEST),
                            null,
                            null,
                            null));
        }
    }

    void started(StartId next) {
        IncidentReport known = report;
        if (known != null && known.startedAt() == null) {
            tell(
                    with(
                            known,
                            known.decidedAt(),
                            known.decision(),
                            around.clock().instant(),
                            next,
                            null));
        }
    }

    /** The next start is ready: that was it. */
    void served() {
        IncidentReport known = report;
        if (known != null) {
            tell(
                    with(
                            known,
                            known.decidedAt(),
                            known.decision(),
                            known.startedAt(),
                            known.nextStartId(),
                            around.clock().instant()));
            report = null;
        }
    }

    private void tell(IncidentReport next) {
        report = next;
        StartId start = failed;
        if (start != null && standing.plan().service().beating() != Beating.NONE) {
            around.events().incident(standing.plan(), start, next);
        }
    }

    private IncidentReport with(
            IncidentReport known,
            @Nullable Instant decidedAt,
            @Nullable String decision,
            @Nullable Instant startedAt,
            @Nullable StartId next,
            @Nullable Instant servedAt) {
        return new IncidentReport(
                known.service(),
                known.node(),
                known.cause(),
                known.lastWellAt(),
                known.detectedAt(),
                decidedAt,
                startedAt,
                servedAt,
                next,
                known.exitCode(),
                known.signal(),
                "supervisor of " + around.node(),
                decision,
                known.reason(),
                known.blackBox(),
                known.drill());
    }
}
