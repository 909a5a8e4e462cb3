package dev.lepton.registry.incident;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.registry.incident.IncidentDurations.Clock;
import dev.lepton.registry.incident.IncidentDurations.Clocks;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class IncidentDurationsTests {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final IncidentTimes UNKNOWN = IncidentTimes.logged(List.of());

    @Test
    void supervisorsClockMeasuresWhatItHasSeenBothEndsOf() {
        IncidentTimes supervisor = new IncidentTimes(at(0), at(3), at(4), at(6), at(10));

        assertThat(IncidentDurations.of(supervisor, UNKNOWN))
                .isEqualTo(
                        new IncidentDurations(
                                seconds(3),
                                seconds(1),
                                seconds(2),
                                seconds(4),
                                new Clocks(
                                        Clock.SUPERVISOR,
                                        Clock.SUPERVISOR,
                                        Clock.SUPERVISOR,
                                        Clock.SUPERVISOR)));
    }

    @Test
    void noDurationIsMeasuredFromOneClockToTheOther() {
        IncidentTimes supervisor = new IncidentTimes(at(0), at(3), null, at(6), null);
        IncidentTimes registry =
                IncidentTimes.logged(
                        List.of(
                                step(100, "exited"),
                                step(101, "restarting"),
                                step(109, "started")));

        assertThat(IncidentDurations.of(supervisor, registry))
                .isEqualTo(
                        new IncidentDurations(
                                seconds(3),
                                seconds(1),
                                null,
                                null,
                                new Clocks(Clock.SUPERVISOR, Clock.REGISTRY, null, null)));
    }

    @Test
    void clockThatWasSetBackHasMeasuredNothing() {
        IncidentTimes supervisor = new IncidentTimes(at(5), at(4), null, null, null);

        assertThat(IncidentDurations.of(supervisor, UNKNOWN).detect()).isNull();
    }

    @Test
    void changeLogTellsTheStagesFromTheFirstSightOfTheFailure() {
        assertThat(
                        IncidentTimes.logged(
                                List.of(
                                        step(0, "lease-expired"),
                                        step(1, "hung"),
                                        step(2, "exited"),
                                        step(3, "restarting"),
                                        step(5, "registered"),
                                        step(9, "recovered"))))
                .isEqualTo(new IncidentTimes(null, at(0), at(3), at(5), at(9)));
    }

    @Test
    void unitThatWasGivenUpWasDecidedOnThen() {
        assertThat(
                        IncidentTimes.logged(
                                List.of(
                                        step(0, "exited"),
                                        step(1, "quarantined"),
                                        step(900, "probation"),
                                        step(902, "registered"),
                                        step(905, "started"))))
                .isEqualTo(new IncidentTimes(null, at(0), at(1), at(902), at(905)));
    }

    @Test
    void whatWasBeforeTheReturnOfTheStartIsAnotherFailureOfIt() {
        assertThat(
                        IncidentTimes.logged(
                                List.of(
                                        step(0, "hung"),
                                        step(1, "restarting"),
                                        step(2, "returned"),
                                        step(30, "exited"),
                                        step(31, "registered"))))
                .isEqualTo(new IncidentTimes(null, at(30), null, at(31), null));
    }

    private static IncidentStep step(int second, String event) {
        return new IncidentStep(at(second), event, "as tested");
    }

    private static Instant at(int second) {
        return NOON.plusSeconds(second);
    }

    private static Duration seconds(int seconds) {
        return Duration.ofSeconds(seconds);
    }
}
