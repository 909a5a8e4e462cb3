package dev.lepton.registry.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.evidence.Evidence;
import dev.lepton.client.evidence.EvidenceKind;
import dev.lepton.client.unit.StartId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvidenceIntakeTests {

    @ParameterizedTest
    @CsvSource({
        "0,0,false",
        "1,1,false",
        "1,2,true",
        "1,3,false",
        "2,4,true",
        "2,5,false",
        "3,5,true"
    })
    void whoeverFailsAtHalfOrMoreOfSeveralUnitsIsAtFaultItself(
            int failing, int known, boolean own) {
        Evidence evidence =
                new Evidence(
                        StartId.random(),
                        EvidenceKind.UNREACHABLE,
                        "gateway-1",
                        "refused",
                        failing,
                        known);

        assertThat(EvidenceIntake.ownFault(evidence)).isEqualTo(own);
    }
}
