package dev.lepton.supervisor.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.incident.IncidentCause;
import dev.lepton.client.incident.IncidentReport;
import dev.lepton.client.rest.RegistryRefusal;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IncidentReportsTests {

    private static final UnitId UNIT = new UnitId("web-1");

    private final List<String> taken = new CopyOnWriteArrayList<>();
    private final CountDownLatch back = new CountDownLatch(1);
    private volatile boolean away;
    private volatile boolean blocked;
    private final IncidentReports reports = new IncidentReports(this::take);

    @AfterEach
    void close() {
        back.countDown();
        reports.close();
    }

    @Test
    void whileTheRegistryIsAwayTheLatestWordsOfEachIncidentWait() {
        away = true;
        StartId first = StartId.random();
        reports.add(UNIT, first, report("seen"));
        reports.add(UNIT, StartId.random(), report("another"));
        reports.add(UNIT, first, report("restarted"));

        away = false;

        await().untilAsserted(
                        () -> assertThat(taken).containsExactlyInAnyOrder("restarted", "another"));
    }

    @Test
    void whatBecomesKnownWhileOneIsSentIsSentAfterIt() {
        StartId failed = StartId.random();
        blocked = true;
        reports.add(UNIT, failed, report("seen"));
        await().until(() -> taken.size() == 1);
        reports.add(UNIT, failed, report("restarted"));
        blocked = false;
        back.countDown();

        await().untilAsserted(() -> assertThat(taken).containsExactly("seen", "restarted"));
    }

    @Test
    void oneThatTheRegistryWillNeverTakeDoesNotHoldUpTheOthers() {
        reports.add(UNIT, StartId.random(), report("refused"));
        reports.add(UNIT, StartId.random(), report("fine"));

        await().untilAsserted(() -> assertThat(taken).containsExactly("fine"));
    }

    private void take(UnitId unit, StartId failed, IncidentReport report) {
        if (away) {
            throw new RegistryRefusal.Unavailable("away", null, null);
        }
        if ("refused".equals(report.reason())) {
            throw new RegistryRefusal.Rejected(400, "refused");
        }
        taken.add(String.valueOf(report.reason()));
        try {
            if (blocked && !back.await(1, TimeUnit.MINUTES)) {
                throw new AssertionError("never released");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static IncidentReport report(String reason) {
        return new IncidentReport(
                new ServiceName("web"),
                null,
                IncidentCause.HUNG,
                null,
                Instant.EPOCH,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                reason,
                null,
                null);
    }
}
