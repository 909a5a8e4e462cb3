package dev.lepton.supervisor.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.UnitId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeBrakeTests {

    private static final ServiceName WEB = new ServiceName("web");

    private final NodeBrake brake = new NodeBrake();

    @ParameterizedTest
    @CsvSource({"1,,1", "2,,1", "3,,1", "4,,2", "5,,2", "5,1,1", "5,4,4"})
    void atMostHalfOfTheUnitsOrWhatIsDeclaredAreDownByOurDoing(
            int units, Integer maxUnavailable, int allowed) {
        int granted = 0;
        for (int i = 1; i <= units; i++) {
            granted += brake.permits(WEB, unit(i), units, maxUnavailable) ? 1 : 0;
        }

        assertThat(granted).isEqualTo(allowed);
    }

    @Test
    void whoeverHasAPermitKeepsItUntilItIsReleased() {
        assertThat(brake.permits(WEB, unit(1), 3, null)).isTrue();
        assertThat(brake.permits(WEB, unit(1), 3, null)).isTrue();
        assertThat(brake.permits(WEB, unit(2), 3, null)).isFalse();

        brake.released(WEB, unit(1));

        assertThat(brake.permits(WEB, unit(2), 3, null)).isTrue();
    }

    @Test
    void servicesDoNotWaitForEachOther() {
        brake.permits(WEB, unit(1), 2, null);

        assertThat(brake.permits(new ServiceName("shop"), new UnitId("shop-1"), 2, null)).isTrue();
    }

    private static UnitId unit(int number) {
        return new UnitId("web-" + number);
    }
}
