package dev.lepton.registry.heartbeat;

import static dev.lepton.registry.unit.UnitBuilder.aUnit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.unit.StartId;
import dev.lepton.registry.heartbeat.Verdict.Accepted;
import dev.lepton.registry.heartbeat.Verdict.NotRegistered;
import dev.lepton.registry.heartbeat.Verdict.Superseded;
import dev.lepton.registry.lifecycle.Lifecycle;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.unit.Holding;
import dev.lepton.registry.unit.KnownStart;
import dev.lepton.registry.unit.UnitRow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VerdictTests {

    private static final KnownStart KNOWN = new KnownStart(1, false);

    private final StartId holder = StartId.random();

    @ParameterizedTest
    @EnumSource(Phase.class)
    void memoryAcceptsTheHolderAndLeavesEveryRefusalToPostgres(Phase phase) {
        UnitRow row = aUnit("worker-1").heldBy(holder).in(phase).row();

        Verdict verdict = Verdict.fromMemory(row, holder);

        assertThat(verdict).isEqualTo(Lifecycle.startOver(phase) ? null : new Accepted(row));
        assertThat(Verdict.fromMemory(row, StartId.random())).isNull();
        assertThat(Verdict.fromMemory(null, holder)).isNull();
    }

    @ParameterizedTest
    @EnumSource(Phase.class)
    void holderIsAcceptedUnlessItsEndIsProven(Phase phase) {
        UnitRow row = aUnit("worker-1").heldBy(holder).in(phase).row();

        Verdict verdict = Verdict.fromPostgres(new Holding(row, KNOWN), holder);

        assertThat(verdict)
                .isEqualTo(Lifecycle.startOver(phase) ? new Superseded() : new Accepted(row));
    }

    @Test
    void startWhoseEndWasReportedIsSuperseded() {
        UnitRow row = aUnit("worker-1").heldBy(holder).in(Phase.RECOVERING).row();

        assertThat(Verdict.fromPostgres(new Holding(row, new KnownStart(1, true)), holder))
                .isEqualTo(new Superseded());
    }

    @Test
    void startThatWasReplacedIsSuperseded() {
        UnitRow row = aUnit("worker-1").heldBy(StartId.random()).row();

        assertThat(Verdict.fromPostgres(new Holding(row, KNOWN), holder))
                .isEqualTo(new Superseded());
    }

    @Test
    void startThatNobodyAdmittedIsToRegister() {
        UnitRow row = aUnit("worker-1").heldBy(StartId.random()).row();

        assertThat(Verdict.fromPostgres(new Holding(row, null), holder))
                .isEqualTo(new NotRegistered());
        assertThat(Verdict.fromPostgres(Holding.NONE, holder)).isEqualTo(new NotRegistered());
    }

    @Test
    void forgottenUnitIsToRegister() {
        UnitRow row = aUnit("worker-1").heldBy(holder).in(Phase.DOWN_SILENT).forgotten().row();

        assertThat(Verdict.fromPostgres(new Holding(row, KNOWN), holder))
                .isEqualTo(new NotRegistered());
    }
}
