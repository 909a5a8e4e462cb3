package dev.lepton.starter.unit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lepton.client.unit.Beater;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitAddress;
import dev.lepton.client.unit.UnitId;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ThisUnitTests {

    private static final StartId START = StartId.random();

    @Test
    void aUnitThatWasToldItsIdKnowsItBeforeItsAddress() {
        ThisUnit unit = unit("worker-1");

        assertThat(unit.id()).isEqualTo(new UnitId("worker-1"));
        assertThat(unit.isNamed("worker-1")).isTrue();
        assertThat(unit.isNamed("worker-2")).isFalse();
    }

    @Test
    void otherwiseTheIdIsMadeOfServiceHostAndPort() {
        ThisUnit unit = unit(null);

        unit.reachableAt(UnitAddress.http("10.0.0.7", 8080));

        assertThat(unit.id()).isEqualTo(new UnitId("worker:10.0.0.7:8080"));
        assertThat(unit.isNamed("worker:10.0.0.7:8080")).isTrue();
        assertThat(unit.isNamed("worker:10.0.0.8:8080")).isFalse();
    }

    @Test
    void whileTheHostIsUnknownServiceAndPortMustFit() {
        ThisUnit unit = unit(null);
        unit.listensOn(8080);

        assertThat(unit.isNamed("worker:10.0.0.7:8080")).isTrue();
        assertThat(unit.isNamed("worker:10.0.0.7:8081")).isFalse();
        assertThat(unit.isNamed("other:10.0.0.7:8080")).isFalse();
        assertThat(unit.isNamed("worker-1")).isFalse();
    }

    @Test
    void registersAsItsOwnBeaterWithAllThatItWasTold() {
        ThisUnit unit = unit("worker-1");
        unit.reachableAt(UnitAddress.http("10.0.0.7", 8080));

        assertThat(unit.registration(42))
                .satisfies(r -> {
                    assertThat(r.startId()).isEqualTo(START);
                    assertThat(r.beater()).isEqualTo(Beater.SELF);
                    assertThat(r.version()).isEqualTo("1.2");
                    assertThat(r.weight()).isEqualTo(50);
                    assertThat(r.zone()).isEqualTo("b");
                    assertThat(r.pid()).isEqualTo(42);
                    assertThat(r.labels()).containsEntry("tier", "gold");
                });
    }

    @Test
    void cannotRegisterWithoutAnAddress() {
        assertThatThrownBy(() -> unit("worker-1").registration(42))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the unit's address is not known yet");
    }

    private static ThisUnit unit(String id) {
        return new ThisUnit(
                new UnitSettings(
                        id == null ? null : new UnitId(id),
                        START,
                        new ServiceName("worker"),
                        null,
                        null,
                        null,
                        "1.2",
                        50,
                        "b",
                        Map.of("tier", "gold")));
    }
}
