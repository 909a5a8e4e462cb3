package dev.lepton.supervisor.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.policy.RecoveryPolicy;
import dev.lepton.client.policy.RestartType;
import dev.lepton.client.policy.StoredPolicy;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.UnitState;
import dev.lepton.supervisor.declaration.Beating;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuarantineTests extends SupervisionScene {

    @Test
    void aUnitThatWasGivenUpIsStartedOnTrialEachQuarterOfAnHour() {
        crashLoop();
        assertThat(steps).last().isEqualTo("web-1 GAVE_UP");
        runtime.calls.clear();

        time.advance(Duration.ofMinutes(15));
        assertThat(runtime.calls).containsExactly("start web-1");
        assertThat(steps).last().isEqualTo("web-1 PROBATION");
        crash("web-1", CRASH);
        time.advance(Duration.ofMinutes(14));
        assertThat(state("web-1")).isEqualTo(UnitState.QUARANTINED);
        assertThat(reason("web-1")).isEqualTo("exit code 1; it was on trial");
        time.advance(Duration.ofMinutes(1));
        assertThat(runtime.calls).hasSize(2);
        ready("web-1");

        assertThat(state("web-1")).isEqualTo(UnitState.UP);
    }

    @Test
    void theTrialOfAQuarantinedUnitOutlivesItsSupervisor() {
        crashLoop();
        time.advance(Duration.ofMinutes(5));

        begin();
        runtime.calls.clear();
        time.advance(Duration.ofMinutes(9));
        assertThat(runtime.calls).isEmpty();
        time.advance(Duration.ofMinutes(1));

        assertThat(runtime.calls).containsExactly("start web-1");
    }

    @Test
    void aClockThatIsSetBackPostponesNoTrial() {
        crashLoop();
        time.setBack(Duration.ofHours(3));

        begin();
        runtime.calls.clear();
        time.advance(Duration.ofMinutes(15).minusNanos(1));
        assertThat(runtime.calls).isEmpty();
        time.advance(Duration.ofNanos(1));

        assertThat(runtime.calls).containsExactly("start web-1");
    }

    @Test
    void restartsInTheFutureOfAClockThatWasSetBackAgeAllTheSame() {
        declare("web", Beating.NODE, 1);
        begin();
        for (int i = 0; i < 5; i++) {
            crash("web-1", CRASH);
            time.advance(Duration.ofSeconds(9));
        }
        ready("web-1");
        time.setBack(Duration.ofHours(3));

        begin();
        assertThat(status("web-1").recentRestarts()).isEqualTo(5);
        time.advance(Duration.ofSeconds(60));
        crash("web-1", CRASH);
        time.advance(Duration.ofSeconds(30));

        assertThat(status("web-1").recentRestarts()).isEqualTo(1);
        assertThat(state("web-1")).isNotEqualTo(UnitState.QUARANTINED);
    }

    @Test
    void aPolicyOfTheRegistryHoldsFromThenOn() {
        declare("web", Beating.NODE, 1);
        begin();
        ready("web-1");

        policies.changedTo(
                List.of(
                        new StoredPolicy(
                                new ServiceName("web"),
                                1,
                                new RecoveryPolicy(
                                        RestartType.TEMPORARY,
                                        null,
                                        null,
                                        null,
                                        null,
                                        null,
                                        null,
                                        null,
                                        null,
                                        null,
                                        null,
                                        null,
                                        null,
                                        null,
                                        null),
                                null,
                                null,
                                Instant.EPOCH)));
        crash("web-1", CRASH);
        time.run();

        assertThat(state("web-1")).isEqualTo(UnitState.STOPPED);
    }

    private void crashLoop() {
        declare("web", Beating.NODE, 1);
        begin();
        for (int i = 0; i < 6; i++) {
            crash("web-1", CRASH);
            time.advance(Duration.ofSeconds(9));
        }
        assertThat(state("web-1")).isEqualTo(UnitState.QUARANTINED);
    }
}
