package dev.lepton.supervisor.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.rest.RegistryRefusal;
import dev.lepton.client.unit.UnitId;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class UnitReportsTests {

    private final List<UnitId> taken = new CopyOnWriteArrayList<>();
    private final AtomicInteger away = new AtomicInteger();

    @Test
    void reportsAreSentInTheirOrder() {
        try (UnitReports reports = new UnitReports(new Random(7))) {
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
        try (UnitReports reports = new UnitReports(new Random(7))) {
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
        try (UnitReports reports = new UnitReports(new Random(7), tooLong, tooLong)) {
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
        try (UnitReports reports = new UnitReports(new Random(7))) {
            reports.start();
            reports.add(
                    "unknown",
                    () -> {
                        throw new RegistryRefusal.NotRegistered("unknown");
                    });
            add(reports, "b");

            await().untilAsserted(() -> assertThat(taken).containsExactly(new UnitId("b")));
        }
    }

    @Test
    void whatWaitsIsSentBeforeTheEnd() {
        UnitReports reports = new UnitReports(new Random(7));
        reports.start();
        add(reports, "a");

        reports.close();

        assertThat(taken).containsExactly(new UnitId("a"));
    }

    @Test
    void onlyTheLatestThousandReportsWait() {
        UnitReports reports = new UnitReports(new Random(7));

        for (int i = 0; i < 1001; i++) {
            add(reports, "u" + i);
        }

        assertThat(reports.waiting()).isEqualTo(1000);
    }

    private void take(UnitId unit) {
        if (away.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            throw new RegistryRefusal.Unavailable("away", null, null);
        }
        taken.add(unit);
    }

    private void add(UnitReports reports, String unit) {
        reports.add(unit, () -> take(new UnitId(unit)));
    }
}
