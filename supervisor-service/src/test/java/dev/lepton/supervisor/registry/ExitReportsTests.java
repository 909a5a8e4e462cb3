package dev.lepton.supervisor.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.registration.ExitReport;
import dev.lepton.client.rest.RegistryRefusal;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ExitReportsTests {

    private final List<UnitId> taken = new CopyOnWriteArrayList<>();
    private final AtomicInteger away = new AtomicInteger();

    @Test
    void reportsAreSentInTheirOrder() {
        try (ExitReports reports = new ExitReports(this::take, new Random(7))) {
            reports.start();
            add(reports, "a");
            add(reports, "b");

            await().untilAsserted(() ->
                    assertThat(taken).containsExactly(new UnitId("a"), new UnitId("b")));
        }
    }

    @Test
    void whileTheRegistryIsAwayReportsWaitAndAreThenSentInTheirOrder() {
        away.set(2);
        try (ExitReports reports = new ExitReports(this::take, new Random(7))) {
            reports.start();
            add(reports, "a");
            add(reports, "b");

            await().untilAsserted(() ->
                    assertThat(taken).containsExactly(new UnitId("a"), new UnitId("b")));
            assertThat(reports.waiting()).isZero();
        }
    }

    @Test
    void aNewReportDoesNotWaitForThePauseAfterAnOldOne() {
        away.set(1);
        Duration tooLong = Duration.ofHours(1);
        try (ExitReports reports = new ExitReports(this::take, new Random(7), tooLong, tooLong)) {
            reports.start();
            add(reports, "a");
            await().until(() -> away.get() == 0);
            add(reports, "b");

            await().untilAsserted(() ->
                    assertThat(taken).containsExactly(new UnitId("a"), new UnitId("b")));
        }
    }

    @Test
    void aReportThatTheRegistryWillNeverTakeIsDropped() {
        try (ExitReports reports =
                new ExitReports(
                        (unit, report) -> {
                            if (unit.value().equals("unknown")) {
                                throw new RegistryRefusal.NotRegistered("unknown");
                            }
                            take(unit, report);
                        },
                        new Random(7))) {
            reports.start();
            add(reports, "unknown");
            add(reports, "b");

            await().untilAsserted(() -> assertThat(taken).containsExactly(new UnitId("b")));
        }
    }

    @Test
    void whatWaitsIsSentBeforeTheEnd() {
        ExitReports reports = new ExitReports(this::take, new Random(7));
        reports.start();
        add(reports, "a");

        reports.close();

        assertThat(taken).containsExactly(new UnitId("a"));
    }

    @Test
    void onlyTheLatestThousandReportsWait() {
        ExitReports reports = new ExitReports(this::take, new Random(7));

        for (int i = 0; i < 1001; i++) {
            add(reports, "u" + i);
        }

        assertThat(reports.waiting()).isEqualTo(1000);
    }

    private void take(UnitId unit, ExitReport report) {
        if (away.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            throw new RegistryRefusal.Unavailable("away", null, null);
        }
        taken.add(unit);
    }

    private static void add(ExitReports reports, String unit) {
        reports.add(new UnitId(unit), new ExitReport(StartId.random(), 1, null, false, "test"));
    }
}
