package dev.lepton.registry.move;

import static dev.lepton.registry.unit.UnitBuilder.aUnit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.unit.UnitBuilder;
import dev.lepton.registry.unit.UnitRow;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CurrentUnitsTests {

    private static final UnitId UNIT = new UnitId("worker-1");

    private final StartId holder = StartId.random();
    private final AtomicLong nanos = new AtomicLong();
    private final Map<UnitId, UnitRow> fleet = new HashMap<>();
    private final CurrentUnits current = new CurrentUnits(fleet::get, nanos::get);

    @Test
    void rowThatTheReaderHasYetToSeeIsTheCurrentOne() {
        fleet.put(UNIT, worker().version(1).row());
        UnitRow learned = worker().in(Phase.SUSPECT).version(2).row();
        current.learn(learned);

        assertThat(current.find(UNIT)).isEqualTo(learned);
    }

    @Test
    void readerIsBelievedOnceItHasCaughtUp() {
        current.learn(worker().version(2).row());
        UnitRow newer = worker().in(Phase.SUSPECT).version(3).row();
        fleet.put(UNIT, newer);

        assertThat(current.find(UNIT)).isEqualTo(newer);
    }

    @Test
    void olderRowNeverReplacesANewerOne() {
        UnitRow newer = worker().version(3).row();
        current.learn(newer);
        current.learn(worker().version(2).row());

        assertThat(current.find(UNIT)).isEqualTo(newer);
    }

    @Test
    void unitThatWasJustForgottenIsUnknown() {
        fleet.put(UNIT, worker().version(2).row());
        current.learn(worker().version(3).forgotten().row());

        assertThat(current.find(UNIT)).isNull();
    }

    @Test
    void whatWasLearnedLastsFiveSeconds() {
        UnitRow learned = worker().version(2).row();
        current.learn(learned);

        nanos.set(Duration.ofSeconds(5).toNanos());
        assertThat(current.find(UNIT)).isEqualTo(learned);
        nanos.addAndGet(1);
        assertThat(current.find(UNIT)).isNull();
    }

    private UnitBuilder worker() {
        return aUnit("worker-1").heldBy(holder);
    }
}
