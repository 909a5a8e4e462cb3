package dev.lepton.supervisor.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.recovery.KillCause;
import dev.lepton.client.recovery.Permit;
import dev.lepton.client.recovery.RecoveryStep;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.supervisor.declaration.Beating;
import dev.lepton.supervisor.declaration.LivenessProbe;
import dev.lepton.supervisor.declaration.PortChoice;
import dev.lepton.supervisor.declaration.Probe;
import dev.lepton.supervisor.declaration.ServiceDeclaration;
import dev.lepton.supervisor.recovery.UnitPolicy;
import dev.lepton.supervisor.registry.NoRegistry;
import dev.lepton.supervisor.runtime.Exit;
import dev.lepton.supervisor.supervision.UnitPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ContainerReportsTests {

    private static final UnitId UNIT = new UnitId("web-1");

    private final List<String> told = new ArrayList<>();
    private final KnownStarts starts = new KnownStarts();
    private final ContainerReports reports = new ContainerReports(new Recording(), starts);
    private final StartId run = StartId.random();
    private final StartId registered = StartId.random();

    private void tellAll(UnitPlan unit) {
        reports.hung(unit, run, "hangs");
        reports.unanswered(unit, run, "no answer");
        reports.exited(unit, run, Exit.UNKNOWN, false, "gone");
        assertThat(reports.drain(unit, run, "stops").join()).isEqualTo(!told.isEmpty());
    }

    @Test
    void aRunIsReportedByTheStartIdThatTheRegistryKnowsItBy() {
        starts.shown(run, registered);

        tellAll(unit(Beating.SELF, List.of(UNIT)));
        Permit permit =
                reports.permit(unit(Beating.SELF, List.of(UNIT)), run, KillCause.HUNG, 1).join();

        assertThat(told)
                .containsExactly(
                        "hung " + registered,
                        "unanswered " + registered,
                        "exited " + registered,
                        "drain " + registered,
                        "permit " + registered);
        assertThat(permit.granted()).isTrue();
    }

    @Test
    void ofARunThatTheRegistryDoesNotKnowItIsToldNothing() {
        tellAll(unit(Beating.SELF, List.of(UNIT)));
        reports.recovery(unit(Beating.SELF, List.of(UNIT)), run, RecoveryStep.RESTARTING, "why");

        assertThat(reports.permit(unit(Beating.SELF, List.of(UNIT)), run, KillCause.HUNG, 1))
                .isCompletedWithValue(null);
        assertThat(told).containsExactly("recovery null");
    }

    @Test
    void whoHasMadeItsStartIdReportsByIt() {
        tellAll(unit(Beating.NODE, List.of(UNIT)));
        tellAll(unit(Beating.SELF, null));

        assertThat(told).hasSize(8).allMatch(line -> line.endsWith(run.toString()));
    }

    private static UnitPlan unit(Beating beating, @Nullable List<UnitId> containers) {
        return new UnitPlan(
                UNIT,
                new ServiceDeclaration(
                        new ServiceName("web"),
                        List.of(),
                        1,
                        PortChoice.fixed(8080),
                        null,
                        beating,
                        Probe.CONNECT,
                        Set.of(),
                        Map.of(),
                        Path.of("/"),
                        Duration.ofSeconds(20),
                        LivenessProbe.of(Probe.CONNECT),
                        UnitPolicy.ORDINARY,
                        null,
                        containers));
    }

    private final class Recording extends NoRegistry {

        @Override
        public void exited(
                UnitPlan unit, StartId start, Exit exit, boolean expected, String reason) {
            told.add("exited " + start);
        }

        @Override
        public CompletableFuture<Boolean> drain(UnitPlan unit, StartId start, String reason) {
            told.add("drain " + start);
            return CompletableFuture.completedFuture(true);
        }

        @Override
        public void hung(UnitPlan unit, StartId start, String reason) {
            told.add("hung " + start);
        }

        @Override
        public void unanswered(UnitPlan unit, StartId start, String what) {
            told.add("unanswered " + start);
        }

        @Override
        public void recovery(
                UnitPlan unit, @Nullable StartId ended, RecoveryStep step, String reason) {
            told.add("recovery " + ended);
        }

        @Override
        public CompletableFuture<@Nullable Permit> permit(
                UnitPlan unit, StartId start, KillCause cause, @Nullable Integer most) {
            told.add("permit " + start);
            return CompletableFuture.completedFuture(new Permit(true, "", null));
        }
    }
}
