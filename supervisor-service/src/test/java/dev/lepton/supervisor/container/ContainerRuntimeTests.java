package dev.lepton.supervisor.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.supervisor.container.StubEngine.Box;
import dev.lepton.supervisor.runtime.ContainerMark;
import dev.lepton.supervisor.runtime.RecordedRun;
import dev.lepton.supervisor.runtime.Run;
import dev.lepton.supervisor.runtime.RunState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContainerRuntimeTests extends ContainerScene {

    @Test
    void aContainerThatRunsIsTakenAsItIs() throws IOException {
        Box box = engine.runs("a", "web-1");
        begin();

        Run run = start();

        assertThat(run.mark()).isEqualTo(new ContainerMark("a", box.startedAt));
        assertThat(run.host()).isEqualTo("127.0.0.1");
        assertThat(run.state()).isEqualTo(RunState.RUNNING);
        assertThat(posts()).isEmpty();
        assertThat(engine.calls.getFirst())
                .contains("lepton.unit", "com.docker.compose.project=shop");
    }

    @Test
    void aHealthCheckCostsNoLook() throws IOException {
        Box box = engine.runs("a", "web-1");
        begin();
        start();
        engine.calls.clear();

        for (String action :
                List.of("exec_create: /bin/true", "exec_start: /bin/true", "exec_die")) {
            engine.changes(box, "running", action);
        }
        engine.changes(box, "paused", "pause");
        eventually(() -> !engine.calls.isEmpty());

        assertThat(engine.calls).containsExactly("GET /containers/a/json");
    }

    @Test
    void nothingEndsBecauseTheEngineIsAwayForHalfAMinute() throws IOException {
        engine.runs("a", "web-1");
        begin();
        Run run = start();

        engine.away = true;
        engine.cutsTheEvents();
        loop.advance(Duration.ofSeconds(30));

        assertThat(run.exit()).isNotDone();
        assertThat(run.state()).isEqualTo(RunState.RUNNING);
        assertThat(runtime.obstacle(UNIT))
                .startsWith("the container engine at " + engine.url() + " does not answer");
        assertThat(posts()).isEmpty();

        engine.away = false;
        loop.advance(Duration.ofSeconds(10));

        assertThat(runtime.obstacle(UNIT)).isNull();
        assertThat(run.exit()).isNotDone();
    }

    @Test
    void anEngineThatWasNeverThereHindersAStart() throws IOException {
        engine.away = true;
        begin();

        assertThat(runtime.obstacle(UNIT)).contains("does not answer");
        assertThatThrownBy(() ->
                        runtime.find(
                                new RecordedRun(
                                        UNIT,
                                        StartId.random(),
                                        new ContainerMark("a", Instant.EPOCH),
                                        null)))
                .isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void aPauseIsNoLongerBelievedWhenTheEngineIsAway() throws IOException {
        Box box = engine.runs("a", "web-1");
        begin();
        Run run = start();
        engine.changes(box, "paused", "pause");
        eventually(() -> run.state() == RunState.STOPPED);

        engine.away = true;
        loop.advance(Duration.ofSeconds(2));

        assertThat(run.state()).isEqualTo(RunState.RUNNING);
    }

    @Test
    void aStartThatFindsTheEngineAwayHasItsObstacleAtOnce() throws IOException {
        engine.runs("a", "web-1");
        begin();
        engine.away = true;

        assertThatThrownBy(this::start).isInstanceOf(IOException.class);

        assertThat(runtime.obstacle(UNIT)).startsWith("the container engine at ");
        engine.away = false;
        eventually(() -> runtime.obstacle(UNIT) == null);
    }

    @Test
    void aContainerThatTheEngineCannotTellOfHidesNoOther() throws IOException {
        Box box = engine.runs("a", "web-1");
        engine.runs("b", "web-2");
        begin();
        Run run = start();
        engine.unreadable.add("b");
        engine.mute = true;

        engine.changes(box, "paused", "pause");
        loop.advance(Duration.ofSeconds(2));

        assertThat(run.state()).isEqualTo(RunState.STOPPED);
        assertThat(runtime.obstacle(new UnitId("web-2")))
                .isEqualTo("the engine says nothing of its container");
        engine.unreadable.clear();
        loop.advance(Duration.ofSeconds(2));
        assertThat(runtime.obstacle(new UnitId("web-2"))).isNull();
    }

    @Test
    void aContainerThatIsReplacedUnderItsUnitIsFollowed() throws IOException {
        Box old = engine.runs("a", "web-1");
        begin();
        Run run = start();

        engine.dies(old, 143);
        engine.removed(old);
        Box next = engine.runs("b", "web-1");
        engine.changes(next, "created", "create");
        exitOf(run);
        eventually(() -> "its container was not started yet".equals(runtime.obstacle(UNIT)));
        engine.starts(next);
        eventually(() -> runtime.obstacle(UNIT) == null);

        assertThat(start().mark()).isEqualTo(new ContainerMark("b", next.startedAt));
        assertThat(posts()).isEmpty();
    }

    @Test
    void whatHindersAStartIsSaid() throws IOException {
        Box box = engine.runs("a", "web-1");
        engine.boxes.clear();
        begin();

        assertThat(runtime.obstacle(UNIT))
                .isEqualTo("no container of the project 'shop' is labelled lepton.unit=web-1");

        engine.boxes.put("a", box);
        engine.changes(box, "restarting", "die");
        eventually(() -> String.valueOf(runtime.obstacle(UNIT)).contains("about to start"));

        box.ip = "192.0.2.7";
        engine.starts(box);
        eventually(() -> String.valueOf(runtime.obstacle(UNIT)).contains("in no network"));

        engine.starts(engine.runs("b", "web-1"));
        eventually(() ->
                "2 containers are labelled lepton.unit=web-1; keep one"
                        .equals(runtime.obstacle(UNIT)));
    }

    @Test
    void aContainerThatHasEndedAndThatNobodyStartsIsStarted() throws IOException {
        Box box = engine.runs("a", "web-1");
        begin();
        Run run = start();

        engine.dies(box, 1);
        exitOf(run);

        assertThat(start().mark()).isEqualTo(new ContainerMark("a", box.startedAt));
        assertThat(posts()).containsExactly("POST /containers/a/start");
    }

    @Test
    void aRunIsFoundAgainByItsContainerAndStart() throws IOException {
        Box box = engine.runs("a", "web-1");
        begin();
        StartId start = StartId.random();
        ContainerMark mark = new ContainerMark("a", box.startedAt);

        assertThat(runtime.find(new RecordedRun(UNIT, start, mark, null)))
                .hasValueSatisfying(run -> {
                    assertThat(run.startId()).isEqualTo(start);
                    assertThat(run.mark()).isEqualTo(mark);
                });

        engine.starts(box);
        assertThat(runtime.find(new RecordedRun(UNIT, start, mark, null))).isEmpty();
    }
}
