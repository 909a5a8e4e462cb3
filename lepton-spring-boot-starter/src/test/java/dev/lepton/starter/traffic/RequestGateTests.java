package dev.lepton.starter.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RequestGateTests {

    private boolean fenced;
    private final RequestGate gate = new RequestGate("worker-1"::equals, _ -> fenced, () -> 0);

    @Test
    void takesRequestsThatNameThisUnitOrNone() {
        assertThat(gate.decide("worker-1")).isEqualTo(Verdict.TAKEN);
        assertThat(gate.decide(null)).isEqualTo(Verdict.TAKEN);
    }

    @Test
    void fencedUnitRefusesEverybody() {
        fenced = true;

        assertThat(gate.decide("worker-1")).isEqualTo(Verdict.FENCED);
        assertThat(gate.decide("worker-2")).isEqualTo(Verdict.FENCED);
        assertThat(gate.decide(null)).isEqualTo(Verdict.FENCED);
    }

    @ParameterizedTest
    @EnumSource(Intake.class)
    void sendsRequestsForAnotherUnitAwayInEveryIntake(Intake intake) {
        bring(intake);

        assertThat(gate.decide("worker-2")).isEqualTo(Verdict.MISDIRECTED);
        assertThat(gate.decide("")).isEqualTo(Verdict.MISDIRECTED);
    }

    @Test
    void aDrainingUnitRefusesGatewaysAndServesClientsThatKnowNoOtherUnit() {
        gate.drain();

        assertThat(gate.decide("worker-1")).isEqualTo(Verdict.DRAINING);
        assertThat(gate.decide(null)).isEqualTo(Verdict.TAKEN);
        assertThat(gate.endsConnections()).isTrue();
    }

    @Test
    void anOperatorsDrainOnlyEndsConnectionsAndCanBeUndone() {
        gate.operatorDrains(true);

        assertThat(gate.decide("worker-1")).isEqualTo(Verdict.TAKEN);
        assertThat(gate.endsConnections()).isTrue();

        gate.operatorDrains(false);

        assertThat(gate.endsConnections()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(Intake.class)
    void nothingUndoesTheDrainOfAStop(Intake before) {
        bring(before);
        gate.drain();
        gate.operatorDrains(false);

        assertThat(gate.intake()).isEqualTo(Intake.DRAINING);
    }

    private void bring(Intake intake) {
        switch (intake) {
            case OPEN -> gate.operatorDrains(false);
            case LEAVING -> gate.operatorDrains(true);
            case DRAINING -> gate.drain();
        }
    }
}
