package dev.lepton.supervisor.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.heartbeat.SelfCheck;
import dev.lepton.client.incident.IncidentCause;
import dev.lepton.client.incident.IncidentReport;
import dev.lepton.client.recovery.Permit;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.supervisor.declaration.Beating;
import dev.lepton.supervisor.declaration.PortChoice;
import dev.lepton.supervisor.runtime.Exit;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class HangTests extends SupervisionScene {

    @Test
    void aUnitThatAnswersNothingIsTakenOutOfRoutingAndKilledWithoutGraceAndRestarted() {
        declare("web", Beating.NODE, 1);
        begin();
        ready("web-1");
        runtime.calls.clear();

        hangs("web-1");
        time.advance(Duration.ofSeconds(5));

        assertThat(events).first().isEqualTo("hung web-1");
        assertThat(runtime.calls).startsWith("SIGKILL web-1", "start web-1");
        assertThat(asked).containsExactly("web-1 HUNG");
        assertThat(status("web-1").restarts()).isEqualTo(1);
        IncidentReport incident = onlyIncident();
        assertThat(incident.cause()).isEqualTo(IncidentCause.HUNG);
        assertThat(incident.reason()).contains("3 probes in a row were not answered");
        assertThat(incident.signal()).isEqualTo(9);
        assertThat(incident.decision()).isEqualTo("restart 1 at once");
        assertThat(incident.lastWellAt()).isBefore(incident.detectedAt());
        assertThat(incident.nextStartId()).isEqualTo(runtime.of("web-1").startId());
        assertThat(incident.blackBox().probes()).last().matches(probe -> !probe.good());
        assertThat(incident.servedAt()).isNull();

        hanging.clear();
        ready("web-1");

        assertThat(onlyIncident().servedAt()).isEqualTo(time.instant());
    }

    @Test
    void aUnitThatCompletesRequestsIsNeverTakenForHung() {
        declare("web", Beating.SELF, 1, true);
        begin();
        ready("web-1");

        hangs("web-1");
        for (long completed = 1; completed < 60; completed++) {
            selfReport = new LifeSigns.SelfReport(completed, SelfCheck.LATE, false);
            time.advance(Duration.ofSeconds(1));
        }

        assertThat(state("web-1")).isEqualTo(UnitState.UP);
        assertThat(runtime.calls).containsExactly("start web-1");
    }

    @Test
    void aStoppedProcessIsKilledAfterTwoLooksAndTheKernelsWordIsKept() {
        declare("web", Beating.NODE, 1);
        begin();
        ready("web-1");
        runtime.calls.clear();

        runtime.of("web-1").stopped = true;
        time.advance(Duration.ofSeconds(1));
        assertThat(runtime.calls).isEmpty();
        time.advance(Duration.ofSeconds(1));

        assertThat(runtime.calls).containsExactly("SIGKILL web-1", "start web-1");
        assertThat(onlyIncident().cause()).isEqualTo(IncidentCause.STOPPED);
        assertThat(onlyIncident().blackBox().threads()).isEqualTo("State: T (stopped)");
    }

    @Test
    void aProcessThatGoesOnBeforeItsPermitComesIsLeftAlone() {
        permit = new Permit(false, "web-2 is being recovered", Duration.ofSeconds(1));
        declare("web", Beating.NODE, 1);
        begin();
        ready("web-1");
        runtime.calls.clear();

        runtime.of("web-1").stopped = true;
        time.advance(Duration.ofSeconds(5));
        assertThat(state("web-1")).isEqualTo(UnitState.DOWN);
        assertThat(reason("web-1"))
                .isEqualTo(
                        "the process is stopped, as by SIGSTOP; not ended yet: web-2 is being recovered");
        runtime.of("web-1").stopped = false;
        time.advance(Duration.ofSeconds(5));

        assertThat(state("web-1")).isEqualTo(UnitState.UP);
        assertThat(runtime.calls).isEmpty();
        assertThat(givenBack).containsExactly(status("web-1").startId());
        int questions = asked.size();
        time.advance(Duration.ofMinutes(1));
        assertThat(asked).hasSize(questions);
    }

    @Test
    void permitThatComesWhenTheProcessGoesOnAlreadyIsGivenBack() {
        permitAnswer = new CompletableFuture<>();
        declare("web", Beating.NODE, 1);
        begin();
        ready("web-1");
        runtime.calls.clear();
        runtime.of("web-1").stopped = true;
        time.advance(Duration.ofSeconds(5));
        runtime.of("web-1").stopped = false;
        time.advance(Duration.ofSeconds(5));
        givenBack.clear();

        permitAnswer.complete(new Permit(true, "", null));
        time.advance(Duration.ofSeconds(1));

        assertThat(runtime.calls).isEmpty();
        assertThat(givenBack).containsExactly(status("web-1").startId());
    }

    @Test
    void permitThatWasGivenBackIsNotUsedByTheNextHangOfTheSameRun() {
        CompletableFuture<Permit> first = new CompletableFuture<>();
        CompletableFuture<Permit> second = new CompletableFuture<>();
        declare("web", Beating.NODE, 1);
        begin();
        ready("web-1");
        runtime.calls.clear();
        permitAnswer = first;
        runtime.of("web-1").stopped = true;
        time.advance(Duration.ofSeconds(5));
        runtime.of("web-1").stopped = false;
        time.advance(Duration.ofSeconds(5));
        permitAnswer = second;
        runtime.of("web-1").stopped = true;
        time.advance(Duration.ofSeconds(5));
        givenBack.clear();

        first.complete(new Permit(true, "", null));
        time.advance(Duration.ofMillis(100));
        assertThat(runtime.calls).isEmpty();
        assertThat(givenBack).isEmpty();
        second.complete(new Permit(true, "", null));
        time.advance(Duration.ofMillis(100));

        assertThat(runtime.calls).startsWith("SIGKILL web-1");
    }

    @Test
    void permitThatIsUsedIsNotGivenBack() {
        declare("web", Beating.NODE, 1);
        begin();
        ready("web-1");
        runtime.calls.clear();

        runtime.of("web-1").stopped = true;
        time.advance(Duration.ofSeconds(5));

        assertThat(runtime.calls).startsWith("SIGKILL web-1");
        assertThat(givenBack).isEmpty();
    }

    @Test
    void withoutARegistryAtMostHalfOfTheUnitsAreKilledAtOnce() {
        permit = null;
        declare("web", Beating.NODE, 3);
        begin();
        List.of("web-1", "web-2", "web-3").forEach(this::ready);
        runtime.calls.clear();

        answering.clear();
        List.of("web-1", "web-2", "web-3").forEach(unit -> runtime.of(unit).stopped = true);
        time.advance(Duration.ofSeconds(20));
        assertThat(runtime.calls).hasSize(2).startsWith("SIGKILL web-1", "start web-1");
        ready("web-1");
        time.advance(Duration.ofSeconds(1));

        assertThat(runtime.calls).hasSize(4).endsWith("SIGKILL web-2", "start web-2");
    }

    @Test
    void whatTheRegistryPermittedBeforeItWentAwayCountsHereToo() {
        declare("web", Beating.NODE, 3);
        begin();
        List.of("web-1", "web-2", "web-3").forEach(this::ready);
        runtime.calls.clear();

        answering.clear();
        runtime.of("web-1").stopped = true;
        time.advance(Duration.ofSeconds(5));
        permit = null;
        runtime.of("web-2").stopped = true;
        time.advance(Duration.ofSeconds(10));

        assertThat(runtime.calls).containsExactly("SIGKILL web-1", "start web-1");
    }

    @Test
    void aSupervisorThatWasHeldUpTakesNothingOfThatTimeForAHang() {
        declare("web", Beating.NODE, 1);
        begin();
        ready("web-1");
        runtime.calls.clear();

        hangs("web-1");
        for (int i = 0; i < 10; i++) {
            time.advance(Duration.ofSeconds(1));
            time.stall(Duration.ofSeconds(2));
        }

        assertThat(runtime.calls).isEmpty();
        time.advance(Duration.ofSeconds(5));
        assertThat(runtime.calls).startsWith("SIGKILL web-1");
    }

    @Test
    void aHangThatTheRegistryHasProvenIsEndedAndAnOlderStartIsNot() {
        declare("web", Beating.NODE, 1);
        begin();
        ready("web-1");
        runtime.calls.clear();
        StartId start = runtime.of("web-1").startId();

        supervision.hangs(new UnitId("web-1"), StartId.random(), "an older one");
        time.run();
        assertThat(runtime.calls).isEmpty();
        supervision.hangs(new UnitId("web-1"), start, "an echo");
        time.run();
        assertThat(runtime.calls).isEmpty();
        hangs("web-1");
        supervision.hangs(new UnitId("web-1"), start, "self-check unanswered");
        time.run();

        assertThat(runtime.calls).containsExactly("SIGKILL web-1", "start web-1");
        assertThat(incidents.get(start).reason()).startsWith("self-check unanswered; signal 9");
    }

    @Test
    void aUnitThatSaysThatItStopsGetsTheTimeOfAStopBeforeItIsTakenForHung() {
        declare("web", Beating.SELF, 1, true);
        begin();
        ready("web-1");
        runtime.calls.clear();
        selfReport = new LifeSigns.SelfReport(5L, SelfCheck.UNANSWERED, true);

        hangs("web-1");
        time.advance(Duration.ofSeconds(20));
        assertThat(runtime.calls).isEmpty();
        assertThat(asked).isEmpty();
        assertThat(state("web-1")).isEqualTo(UnitState.DRAINING);
        time.advance(Duration.ofSeconds(6));

        assertThat(runtime.calls).startsWith("SIGKILL web-1", "start web-1");
        assertThat(onlyIncident().reason()).startsWith("not ended within 20.0 s of its drain");
    }

    @Test
    void aUnitThatTheRegistryShowsDrainingMayEndByItself() {
        declare("web", Beating.NODE, 1);
        begin();
        ready("web-1");
        StartId start = runtime.of("web-1").startId();
        draining.add(start);

        hangs("web-1");
        time.advance(Duration.ofSeconds(10));
        supervision.hangs(new UnitId("web-1"), start, "an echo");
        time.run();
        crash("web-1", new Exit(null, 15));
        time.run();

        assertThat(events).noneMatch(event -> event.startsWith("hung"));
        assertThat(onlyIncident().cause()).isEqualTo(IncidentCause.EXITED);
        assertThat(runtime.calls).containsExactly("start web-1", "start web-1");
    }

    @Test
    void aUnitWhoseDrainBecomesKnownBeforeItsPermitIsNotKilledAsHung() {
        permit = new Permit(false, "web-2 is being recovered", Duration.ofSeconds(1));
        declare("web", Beating.NODE, 1);
        begin();
        ready("web-1");
        runtime.calls.clear();
        hangs("web-1");
        time.advance(Duration.ofSeconds(6));
        assertThat(state("web-1")).isEqualTo(UnitState.DOWN);

        draining.add(runtime.of("web-1").startId());
        time.advance(Duration.ofSeconds(2));
        permit = new Permit(true, "", null);
        time.advance(Duration.ofSeconds(5));

        assertThat(state("web-1")).isEqualTo(UnitState.DRAINING);
        assertThat(runtime.calls).isEmpty();
    }

    @Test
    void aUnitThatAnswersAgainAfterItsDrainIsUp() {
        declare("web", Beating.NODE, 1);
        begin();
        ready("web-1");
        draining.add(runtime.of("web-1").startId());
        hangs("web-1");
        time.advance(Duration.ofSeconds(10));

        draining.clear();
        hanging.clear();
        time.advance(Duration.ofSeconds(15));

        assertThat(state("web-1")).isEqualTo(UnitState.UP);
        assertThat(runtime.calls).containsExactly("start web-1");
    }

    @Test
    void whatWaitsForAUnitIsStartedWhenThatAnswersAgainAfterItsDrain() {
        declare("store", Beating.NODE, 1);
        declare("cache", Beating.NODE, 1);
        declare("web", Beating.NODE, 1, "store", "cache");
        begin();
        ready("store-1");
        draining.add(runtime.of("store-1").startId());
        hangs("store-1");
        time.advance(Duration.ofSeconds(10));
        ready("cache-1");
        assertThat(reason("web-1")).isEqualTo("waits for store");

        draining.clear();
        hanging.clear();
        time.advance(Duration.ofSeconds(5));

        assertThat(runtime.calls).endsWith("start web-1");
    }

    @Test
    void aPortThatIsTakenIsSaidInTheIncident() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            declare("web", Beating.NODE, 1, PortChoice.fixed(taken.getLocalPort()));

            begin();

            IncidentReport first = incidents.values().iterator().next();
            assertThat(first.cause()).isEqualTo(IncidentCause.START_FAILED);
            assertThat(first.reason())
                    .isEqualTo(
                            "it cannot be started: port %d is taken by another process"
                                    .formatted(taken.getLocalPort()));
        }
    }

    private void hangs(String unit) {
        hanging.add(status(unit).port());
        answering.remove(status(unit).port());
    }

    private IncidentReport onlyIncident() {
        assertThat(incidents).hasSize(1);
        return incidents.values().iterator().next();
    }
}
